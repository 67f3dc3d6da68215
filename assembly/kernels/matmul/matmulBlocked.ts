import { MATMUL_KC, MATMUL_MC, MATMUL_NC } from "../../isa/limits";
import { Form } from "../../isa/matmul";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulNarrow } from "./matmulNarrow";
import { matmulPackStraight, matmulPackTransposed } from "./matmulPack";
import { matmulTile4x8 } from "./matmulTile";

/**
 * The packed product: for each block of NC columns and KC terms, b is packed once, and a in blocks of MC rows.
 *
 * @param floor   [1]: the least value that y may take
 * @param scratch packed a, packed b and one tile: see matmul
 */
export function matmulBlocked(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  biasStep: usize,
  floor: usize,
  m: u32,
  n: u32,
  k: u32,
  scratch: usize,
): void {
  const yRow = <usize>n << 2;
  const aRow = <usize>(form == Form.AtB ? m : k) << 2;
  const bRow = <usize>(form == Form.ABt ? k : n) << 2;
  const depthMost = <usize>min<u32>(k, MATMUL_KC) << 2;
  const packedA = scratch;
  const packedB = packedA + depthMost * ((min<u32>(m, MATMUL_MC) + 3) & ~3);
  const tile = packedB + depthMost * ((min<u32>(n, MATMUL_NC) + 7) & ~7);
  // A narrow b is as good as packed. The tiles read pairs of columns: an odd one would reach beyond the last row.
  const narrow = form != Form.ABt && n <= 16 && (n & 1) == 0;

  for (let j: u32 = 0; j < n; j += MATMUL_NC) {
    const columns = min<u32>(MATMUL_NC, n - j);
    const whole = columns & ~7;
    const left = <usize>j << 2;
    for (let p: u32 = 0; p < k; p += MATMUL_KC) {
      const depth = min<u32>(MATMUL_KC, k - p);
      const top = <usize>p << 2;
      const last = p + depth == k;
      const least = last ? floor : LOWEST;
      const biases = last ? bias + left * biasStep : ZEROS;
      const step = last ? biasStep : 0;
      let panels = packedB;
      let panel = <usize>depth << 5;
      let bStep: usize = 32;
      if (form == Form.ABt) matmulPackTransposed(packedB, b + <usize>j * bRow + top, columns, depth, bRow, 8);
      else if (narrow) {
        panels = b + <usize>p * bRow;
        panel = 32;
        bStep = bRow;
      } else matmulPackStraight(packedB, b + <usize>p * bRow + left, columns, depth, bRow, 8);
      for (let i: u32 = 0; i < m; i += MATMUL_MC) {
        const rows = min<u32>(MATMUL_MC, m - i);
        const at = y + <usize>i * yRow + left;
        if (form == Form.AtB)
          matmulPackStraight(packedA, a + <usize>p * aRow + (<usize>i << 2), rows, depth, aRow, 4);
        else matmulPackTransposed(packedA, a + <usize>i * aRow + top, rows, depth, aRow, 4);
        for (let c: usize = 0; c < whole; c += 8) {
          const right = c << 2;
          matmulTile4x8(
            at + right,
            packedA,
            panels + (c >> 3) * panel,
            biases + right * step,
            least,
            rows,
            depth,
            bStep,
            yRow,
            p > 0,
          );
        }
        if (whole < columns) {
          const right = <usize>whole << 2;
          matmulNarrow(
            at + right,
            packedA,
            panels + <usize>(whole >> 3) * panel,
            biases + right * step,
            least,
            rows,
            columns - whole,
            depth,
            bStep,
            yRow,
            p > 0,
            tile,
          );
        }
      }
    }
  }
}
