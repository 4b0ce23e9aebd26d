/** Somebody is registered twice, in two alphabets; somebody else is only like her. */

import { equal, notEqual } from "node:assert/strict";
import { done, every, type Schemas, type Uramost } from "../client.ts";

type Registration = Schemas["RegistrationContent"];

const SHPRESA: Registration = {
  source_id: "S-1",
  names: { given: "Shpresa", family: "Hoxha", father: "Agim" },
  sex: "female",
  birth: { value: "1994-02-11", precision: "day" },
  place: "mitrovica-south",
  documents: [{ kind: "personal_number", number: "1172450986", country: "XK" }],
};
const IN_CYRILLIC: Registration = {
  ...SHPRESA,
  source_id: "S-2",
  names: { given: "Шпреса", family: "Хоџа", father: "Агим" },
};
/** Born on the same day in the same place; her father is another. */
const A_NAMESAKE: Registration = {
  ...SHPRESA,
  source_id: "S-3",
  names: { given: "Shpresa", family: "Hodža", father: "Besnik" },
  documents: [],
};

/** One person, by both of her registrations. */
export interface Seeker {
  registration: string;
  again: string;
}

/** Register three who are two, settle the doubt, and give her who was there twice. */
export async function register(agency: Uramost): Promise<Seeker> {
  const first = await record(agency, SHPRESA);
  const again = await record(agency, IN_CYRILLIC);
  equal(again.person, first.person, "one person in two orthographies");

  const like = await record(agency, A_NAMESAKE);
  notEqual(like.person, first.person, "likeness alone links nobody");
  equal(like.findings[0]?.verdict, "unsure");
  await review(agency, like.id);

  const path = { key: like.id };
  const read = await done(agency.GET("/beneficiaries/registrations/{key}", { params: { path } }));
  equal(read.person, like.person, "whoever is another stays another");
  return { registration: first.id, again: again.id };
}

function record(agency: Uramost, body: Registration): Promise<Schemas["ReceiptView"]> {
  return done(agency.POST("/beneficiaries/registrations", { body }));
}

/** Judge every pair that waits because of a registration: they are different people. */
async function review(agency: Uramost, registration: string): Promise<void> {
  const waiting: string[] = [];
  for await (const pair of every((cursor) => queue(agency, cursor))) {
    if ([pair.low, pair.high].includes(registration)) waiting.push(pair.id);
  }
  notEqual(waiting.length, 0, "the pair waits in the queue");
  for (const key of waiting) {
    const params = { path: { key } };
    const evidence = await done(agency.GET("/beneficiaries/reviews/{key}/evidence", { params }));
    equal(evidence.sides.length, 2);
    const body = { verdict: "different", reason: "person_met" } as const;
    const outcome = await done(
      agency.POST("/beneficiaries/reviews/{key}/judgement", { params, body }),
    );
    equal(outcome.judgement?.verdict, "different");
  }
}

/** Read a small page, so that the story turns some. */
function queue(agency: Uramost, cursor: string | null): Promise<Schemas["ReviewPage"]> {
  return done(agency.GET("/beneficiaries/reviews", { params: { query: { cursor, limit: 1 } } }));
}
