/** What every page loads: islands wake up where their element stands. */

import { FathomLab } from "./lab/lab.ts";
import { comeAgain } from "./loading.ts";

customElements.define("fathom-lab", FathomLab);
void comeAgain();
