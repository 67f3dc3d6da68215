import { everywhere, report } from "./stores.mjs";

report(everywhere).then(postMessage);
