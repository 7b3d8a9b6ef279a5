// Bundles the front end. Started by ../hatch_build.py, which brings Node and the packages.
//
//   node build.mjs build OUT   src/ -> OUT, minified, once
//   node build.mjs watch OUT   the same with source maps, again after every change
//   node build.mjs test OUT    test/*.test.ts -> OUT/*.mjs, for `node --test`
//
// Every file in OUT has a hash of its content in its name; OUT/manifest.json tells which is which:
// { "main.ts": "main-HASH.js", "style.css": "style-HASH.css", "views/line.ts": "views/line-HASH.js" }
// OUT/imports.json says what a script cannot begin without: { "main.ts": ["chunks/chunk-HASH.js"] }

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";

const [task, out] = process.argv.slice(2);

const shared = { bundle: true, format: "esm", metafile: true, logLevel: "warning" };
const browser = {
  ...shared,
  entryPoints: ["src/main.ts", "src/lesson.ts", "src/style.css", "src/maths.css", ...(await modulesIn("src/views"))],
  outbase: "src",
  outdir: out,
  entryNames: "[dir]/[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  splitting: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // licenses.txt has them all
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" },
  plugins: [{ name: "latin fonts", setup: refuseOtherFonts }, { name: "ship", setup: shipWhatWasBuilt }],
};
const underNode = {
  ...shared,
  entryPoints: (await modulesIn("test")).filter((path) => path.endsWith(".test.ts")),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  target: "node22",
  sourcemap: "inline",
  loader: { ".css": "empty", ".woff2": "empty" },
};

const tasks = {
  build: () => esbuild.build({ ...browser, minify: true }),
  watch: async () => (await esbuild.context({ ...browser, sourcemap: "linked", logLevel: "info" })).watch(),
  test: () => esbuild.build(underNode),
};
await tasks[task]().catch((error) => {
  if (!error.errors) throw error; // esbuild has already printed its own
  process.exitCode = 1;
});

/** Paths of the TypeScript modules of a folder, which may not be there yet. */
async function modulesIn(folder) {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.filter((name) => /(?<!\.d)\.ts$/.test(name)).sort().map((name) => `${folder}/${name}`);
}

/** A font package has files for a dozen scripts; pages need two of them. */
function refuseOtherFonts(build) {
  build.onResolve({ filter: /\.woff2$/ }, ({ path, importer }) => {
    if (/-latin(-ext)?-|fonts\/KaTeX_/.test(path)) return null;
    const text = `${basename(path)} is not a latin or latin-ext subset: import only those (in ${relative(".", importer)}).`;
    return { errors: [{ text }] };
  });
}

/** After every build that worked: the manifest, the licences, and nothing left of the build before. */
function shipWhatWasBuilt(build) {
  build.onEnd(async ({ errors, metafile }) => {
    if (errors.length) return;
    await write("licenses.txt", await licenses(Object.keys(metafile.inputs)));
    await write("manifest.json", JSON.stringify(manifest(metafile.outputs), null, 2) + "\n");
    await write("imports.json", JSON.stringify(imports(metafile.outputs), null, 2) + "\n");
    const texts = ["licenses.txt", "manifest.json", "imports.json"];
    await sweep(new Set([...Object.keys(metafile.outputs).map(inOut), ...texts]));
  });
}

/** What a page may ask for by name: entry points, the style that an entry imports, and fonts. */
function manifest(outputs) {
  const names = {};
  for (const [path, { entryPoint, cssBundle, inputs }] of Object.entries(outputs)) {
    const first = Object.keys(inputs)[0];
    if (entryPoint) names[relative("src", entryPoint)] = inOut(path);
    if (entryPoint && cssBundle) names[relative("src", entryPoint).replace(/\.ts$/, ".css")] = inOut(cssBundle);
    if (path.endsWith(".woff2")) names[`fonts/${basename(first)}`] = inOut(path);
  }
  return Object.fromEntries(Object.entries(names).sort());
}

/** What each entry imports, and what that imports in turn; not what it loads later. */
function imports(outputs) {
  const all = (path, found = new Set()) => {
    for (const one of outputs[path].imports) {
      if (one.kind !== "import-statement" || found.has(one.path)) continue;
      found.add(one.path);
      all(one.path, found);
    }
    return found;
  };
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint?.endsWith(".ts"));
  return Object.fromEntries(entries.map(([path, { entryPoint }]) => [relative("src", entryPoint), [...all(path)].map(inOut).sort()]).sort());
}

/** The licence of every package of which a part was bundled. */
async function licenses(inputs) {
  const found = inputs.map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const texts = [...new Set(found)].filter(Boolean).sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

/** A reader never sees half a file. */
async function write(name, text) {
  const path = join(out, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function sweep(kept) {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(paths.filter((path) => !kept.has(inOut(path))).map((path) => rm(path, { force: true })));
}

/** The path as the server knows it: below OUT, with forward slashes. */
function inOut(path) {
  return relative(out, path).replaceAll("\\", "/");
}
