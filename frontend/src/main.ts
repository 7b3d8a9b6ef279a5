/** What every page loads: islands wake up where their element stands. */

import { FathomLab } from "./lab/lab.ts";
import { comeAgain } from "./loading.ts";
import { themeSwitch } from "./theme.ts";

document.documentElement.classList.add("scripted");
customElements.define("fathom-lab", FathomLab);
themeSwitch();
void comeAgain();
