// A runtime that cannot run the engine: the error says what it lacks. The argument is what the message must have.
import { compile, dense, input, sequential, UnsupportedError } from "wasmgrad";

const part = process.argv[2];
const error = await compile(sequential(input(1), dense(1))).catch((error) => error);
const isSaid = error instanceof UnsupportedError && error.message.includes(part);
console.log(JSON.stringify({ passed: 1, failures: isSaid ? [] : [String(error)] }));
