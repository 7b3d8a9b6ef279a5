/** A page that was sent while PyTorch was still being loaded comes again, whole, when it is there. */

const REST = 1000; // milliseconds between two questions; the server takes its time to answer one

export async function comeAgain(): Promise<void> {
  if (!document.querySelector("[data-loading]")) return;
  let left = false;
  addEventListener("beforeunload", () => (left = true)); // whoever goes elsewhere is not called back
  while (!(await loaded())) await new Promise((again) => setTimeout(again, REST));
  if (!left) location.reload();
}

async function loaded(): Promise<boolean> {
  const reply = await fetch("/loaded").catch(() => null); // no server: perhaps next time
  return reply !== null && reply.ok && (await reply.text()) === "yes";
}
