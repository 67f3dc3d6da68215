// @as-pect/transform 8.1.0 hard-codes the NodeKind numbers of AssemblyScript 0.27. 0.28 inserted one kind below the two
// that it looks for, so the stock transform matches nothing and silently leaves out the members that toStrictEqual needs.
// This one calls as-pect's own member factories with classes whose members carry the numbers that they expect.
import { createAddReflectedValueKeyValuePairsMember } from "@as-pect/transform/lib/createAddReflectedValueKeyValuePairsMember.js";
import { createStrictEqualsMember } from "@as-pect/transform/lib/createStrictEqualsMember.js";
import { NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

const KIND_IN_027 = new Map([
  [NodeKind.FieldDeclaration, 54],
  [NodeKind.MethodDeclaration, 58],
]);

const asIn027 = (member) =>
  KIND_IN_027.has(member.kind)
    ? Object.create(member, { kind: { value: KIND_IN_027.get(member.kind) } })
    : member;

function addMembers(statements) {
  for (const statement of statements) {
    if (statement.kind === NodeKind.NamespaceDeclaration) addMembers(statement.members);
    if (statement.kind !== NodeKind.ClassDeclaration) continue;
    const view = Object.create(statement, { members: { value: statement.members.map(asIn027) } });
    statement.members.push(createStrictEqualsMember(view), createAddReflectedValueKeyValuePairsMember(view));
  }
}

export default class extends Transform {
  afterParse(parser) {
    for (const source of parser.sources) addMembers(source.statements);
  }
}
