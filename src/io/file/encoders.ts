/** What makes encoders of their JSON: imported when a file has some. */
export { loadEncoder } from "../../data/encoders/loadEncoder.js";
