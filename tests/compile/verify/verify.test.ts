/** A broken program never reaches the engine. */
import { describe, expect, it } from "vitest";
import { ElementwiseOp } from "../../../assembly/isa/elementwise.ts";
import { Form, MatmulOp } from "../../../assembly/isa/matmul.ts";
import { StepOp } from "../../../assembly/isa/step.ts";
import { TranscendentalOp } from "../../../assembly/isa/transcendental.ts";
import type { Instruction, Place } from "../../../src/compile/instruction.ts";
import { isPlace, type SegmentBytes } from "../../../src/compile/instruction.ts";
import { verify } from "../../../src/compile/verify/verify.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import { uniform } from "../../cases/domains.ts";
import { Inputs } from "../../cases/prepare.ts";
import { GraphProgram } from "../../cases/run.ts";

const ROOM = 8;
/** An offset in the arena where nothing lies. */
const ELSEWHERE = 2 ** 16;

/** h = exp(x), z = h · w, y = z + h: h is needed by the last instruction, and nothing works in place. */
function program() {
  const inputs = new Inputs({ rows: 2, seed: 1 });
  const add = (shape: readonly number[]) => inputs.add({ shape }, uniform(-1, 1)).value;
  const [x, w] = [add([ROWS, 4]), add([4, 4])] as const;
  const h = ops.exp(x);
  const y = ops.add(ops.matmul(h, w, { form: Form.AB }), h);
  return broken([x, y]);
}

/** The program of some values, and ways to break it. */
function broken(roots: readonly Value[]) {
  const { instructions, segments, plan } = new GraphProgram(roots, { maxRows: ROOM });
  const initialized = [...plan.places.values()].filter(({ segment }) => segment === "parameters");
  const index = (op: number) => {
    const at = instructions.findIndex((instruction) => instruction.kind.op === op);
    if (at < 0) throw new Error(`there is no opcode ${op}`);
    return at;
  };
  return {
    place: (op: number, field: string): Place => {
      const operand = instructions[index(op)]!.operands[field];
      if (operand === undefined || !isPlace(operand)) throw new Error(`${field} has no place`);
      return operand;
    },
    /** Checks the program with one operand replaced. */
    withOperand: (op: number, field: string, change: (place: Place) => Place) => () => {
      const changed = instructions.map((one, i) =>
        i === index(op) ? replaceOperand(one, field, change) : one,
      );
      verify(changed, segments, initialized);
    },
    /** Checks other instructions, in an arena with room to spare. */
    with: (change: (all: readonly Instruction[]) => readonly Instruction[]) => () =>
      verify(change(instructions), { ...segments, arena: 2 * ELSEWHERE }, initialized),
    withSegments: (changed: Partial<SegmentBytes>) => () =>
      verify(instructions, { ...segments, ...changed }, initialized),
    withoutParameters: () => verify(instructions, segments, []),
  };
}

function replaceOperand(one: Instruction, field: string, change: (place: Place) => Place): Instruction {
  const operand = one.operands[field];
  if (operand === undefined || !isPlace(operand)) throw new Error(`${field} has no place`);
  return { ...one, operands: { ...one.operands, [field]: change(operand) } };
}

describe("verify", () => {
  it("takes a program as it was lowered", () => {
    expect(program().with((all) => all)).not.toThrow();
  });

  it.each(["y", "x"])("refuses an operand %s beyond the end of its segment", (field) => {
    const { withOperand } = program();
    const far = withOperand(TranscendentalOp.Exp, field, (place) => ({ ...place, offset: 2 ** 20 }));
    expect(far).toThrow(new RegExp(`instruction 1 \\(Exp of ".*"\\) has ${field} outside its segment`));
  });

  it("refuses an operand before the start of its segment", () => {
    const before = program().withOperand(MatmulOp.Matmul, "y", (place) => ({ ...place, offset: -64 }));
    expect(before).toThrow("Matmul");
    expect(before).toThrow("outside its segment");
  });

  it("refuses an operand whose last byte only lies outside", () => {
    const { withSegments, place } = program();
    const { offset, bytes } = place(MatmulOp.Matmul, "b");
    expect(withSegments({ parameters: offset + bytes })).not.toThrow();
    expect(withSegments({ parameters: offset + bytes - 1 })).toThrow("has b outside its segment");
  });

  it.each([1, 2, 4, 8, 12])("refuses an operand that is %i bytes off its alignment", (bytes) => {
    const { withOperand } = program();
    const off = (place: Place) => ({ ...place, offset: place.offset + bytes, bytes: place.bytes - 16 });
    expect(withOperand(TranscendentalOp.Exp, "y", off)).toThrow("has y at an offset that is not aligned");
    expect(withOperand(MatmulOp.Matmul, "b", off)).toThrow("has b at an offset that is not aligned");
  });

  it("refuses to read what no instruction has written", () => {
    const { with: change } = program();
    expect(change((all) => all.filter(({ kind }) => kind.op !== StepOp.Gather))).toThrow("Exp of");
    expect(change((all) => all.filter(({ kind }) => kind.op !== StepOp.Gather))).toThrow(
      "reads x, which was not written",
    );
  });

  it("refuses to read what is written later", () => {
    const { with: change } = program();
    expect(change((all) => all.toSpliced(0, 2, all[1]!, all[0]!))).toThrow("reads x, which was not written");
  });

  it("refuses to read a parameter that nobody sets", () => {
    expect(program().withoutParameters).toThrow("reads b, which was not written");
  });

  it("refuses to read a value of which a part was overwritten", () => {
    const { place, with: change } = program();
    const h = place(TranscendentalOp.Exp, "y");
    const gatherAt = (offset: number) => (all: readonly Instruction[]) =>
      all.toSpliced(
        2,
        0,
        replaceOperand(all[0]!, "y", (y) => ({ ...y, offset, content: 99 })),
      );
    expect(change(gatherAt(ELSEWHERE))).not.toThrow();
    expect(change(gatherAt(h.offset + h.bytes - 64))).toThrow(
      "reads a, which was not written or is overwritten",
    );
  });

  it("refuses to overwrite a value that is needed later", () => {
    const { withOperand, place, with: change } = program();
    const h = place(TranscendentalOp.Exp, "y");
    // A second exp, of another content, lands on h before the product reads it.
    const intruder = (all: readonly Instruction[]) => {
      const again = replaceOperand(all[1]!, "y", (y) => ({ ...y, content: 99 }));
      return all.toSpliced(2, 0, again);
    };
    expect(change(intruder)).toThrow("reads a, which was not written or is overwritten");
    expect(withOperand(ElementwiseOp.Add, "b", () => ({ ...h, content: 99 }))).toThrow("reads b");
  });

  it.each([
    [MatmulOp.Matmul, "a"],
    [MatmulOp.Matmul, "b"],
  ])("refuses a kernel %i that overwrites its operand %s while it reads it", (op, field) => {
    const { withOperand, place } = program();
    const operand = place(op, field);
    const onto = withOperand(op, "y", (y) => ({ ...operand, content: y.content }));
    expect(onto).toThrow(`overwrites ${field} while it reads it`);
  });

  it("refuses to work in place on an operand that is repeated", () => {
    const inputs = new Inputs({ rows: 2, seed: 1 });
    const x = inputs.add({ shape: [ROWS, 3] }, uniform(-1, 1)).value;
    const { place, withOperand, with: change } = broken([x, ops.subtract(x, ops.sum(x, { axes: [0] }))]);
    expect(change((all) => all)).not.toThrow();
    const repeated = place(ElementwiseOp.Subtract, "b");
    const onto = withOperand(ElementwiseOp.Subtract, "y", (y) => ({
      ...y,
      offset: repeated.offset,
      bytes: repeated.bytes,
    }));
    expect(onto).toThrow("overwrites b while it reads it");
  });

  it("refuses a record with a field missing, or one too many", () => {
    const { with: change } = program();
    const without = (one: Instruction) => {
      const { count: _, ...operands } = one.operands;
      return { ...one, operands };
    };
    const more = (one: Instruction) => ({ ...one, operands: { ...one.operands, gamma: 1 } });
    expect(
      change((all) => all.map((one) => (one.kind.op === TranscendentalOp.Exp ? without(one) : one))),
    ).toThrow("has operands missing");
    expect(
      change((all) => all.map((one) => (one.kind.op === TranscendentalOp.Exp ? more(one) : one))),
    ).toThrow("has operands missing");
  });
});
