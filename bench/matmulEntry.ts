export { matmul } from "../assembly/kernels/matmul/matmul";
export { peak } from "./peak";

/** The first address that no static data covers. */
export function heapBase(): usize {
  return __heap_base;
}
