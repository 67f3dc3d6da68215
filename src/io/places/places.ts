/** What `load` and `save` need for other things than bytes. */
export { readPlace } from "./read.js";
export { writePlace } from "./write.js";
