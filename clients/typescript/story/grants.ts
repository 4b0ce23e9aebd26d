/** Two organisations across the divide sign, apply and are awarded what they ask for. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { done, type Schemas, type Uramost } from "../client.ts";
import { day } from "./days.ts";

type Award = Schemas["AwardView"];
type Consortium = Schemas["ConsortiumView"];
type Communities = Schemas["OrganisationCommunity"][];

/** Clients of assessors, by the subject under which they are appointed. */
export type Assessors = Record<string, Uramost>;

const HOUR = 3_600_000; // milliseconds
const AMOUNT = "12500.00";
const CRITERIA = [
  { key: "bridge", title: "What it joins", weight: "60" },
  { key: "cost", title: "What it costs", weight: "40" },
];

/** Bring a call from its publication to an award. */
export async function award(
  agency: Uramost,
  assessors: Assessors,
  lead: Uramost,
  partner: Uramost,
): Promise<Award> {
  const call = await publish(agency);
  const consortium = await form(lead, partner);
  const application = await apply(call, consortium, lead, partner);
  await assess(agency, assessors, application);
  await rank(agency, call, application);
  return grant(agency, application);
}

/** The rules ask for two communities; which ones those are, nobody asks. */
async function publish(agency: Uramost): Promise<string> {
  const now = Date.now();
  const call = await done(
    agency.POST("/grants/calls", {
      body: {
        title: "Ura / Most",
        currency: "EUR",
        ceiling: "25000.00",
        budget: "100000.00",
        opens_at: clock(now - HOUR),
        closes_at: clock(now + HOUR),
        time_zone: "UTC",
        rules: [{ kind: "minimum_communities", count: 2 }, { kind: "one_award" }],
        criteria: CRITERIA,
      },
    }),
  );
  const params = { path: { key: call.id } };
  const published = await done(agency.POST("/grants/calls/{key}/publication", { params }));
  equal(published.status, "published");
  return call.id;
}

/** A moment as clocks in the call's time zone show it. */
function clock(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19);
}

/** Each declares its communities itself; each signs the terms by their digest. */
async function form(lead: Uramost, partner: Uramost): Promise<string> {
  await declare(lead, ["serb"]);
  await declare(partner, ["albanian"]);
  const formed = await done(
    lead.POST("/grants/consortia", {
      body: {
        title: "Preko Ibra / Përtej Ibrit",
        members: [
          { organisation: await found(lead, "Most"), role: "lead", share: "60" },
          { organisation: await found(lead, "Ura"), role: "co_applicant", share: "40" },
        ],
      },
    }),
  );
  await accept(lead, formed);
  const agreed = await accept(partner, formed);
  equal(agreed.terms.at(-1)?.state, "agreed", "all have signed the same terms");
  return agreed.id;
}

async function declare(organisation: Uramost, communities: Communities): Promise<void> {
  const body = { led_by: communities, serves: communities };
  await done(organisation.PUT("/grants/communities", { body }));
}

async function found(organisation: Uramost, name: string): Promise<string> {
  const body = { name };
  const [likest] = await done(organisation.POST("/grants/organisations/search", { body }));
  equal(likest?.organisation.name, name);
  return likest.organisation.id;
}

async function accept(organisation: Uramost, { id, terms }: Consortium): Promise<Consortium> {
  const newest = terms.at(-1);
  ok(newest);
  const params = { path: { key: id } };
  const body = { terms: newest.id, digest: newest.digest };
  return done(organisation.POST("/grants/consortia/{key}/acceptance", { params, body }));
}

/** All members sign the same text, then the lead submits it. */
async function apply(
  call: string,
  consortium: string,
  lead: Uramost,
  partner: Uramost,
): Promise<string> {
  const draft = await done(
    lead.POST("/grants/applications", {
      body: { call, consortium, title: "Radionica / Punëtori", amount: AMOUNT },
    }),
  );
  const params = { path: { key: draft.id } };
  const { digest } = await done(lead.POST("/grants/applications/{key}/circulation", { params }));
  for (const member of [lead, partner]) {
    await done(member.POST("/grants/applications/{key}/signature", { params, body: { digest } }));
  }
  const submitted = await done(lead.POST("/grants/applications/{key}/submission", { params }));
  equal(submitted.status, "submitted");
  return draft.id;
}

/** Two assessors declare that nothing ties them to an applicant, and score. */
async function assess(agency: Uramost, assessors: Assessors, application: string): Promise<void> {
  const params = { path: { key: application } };
  await done(agency.POST("/grants/applications/{key}/eligibility", { params }));
  for (const assessor of Object.keys(assessors)) {
    const body = { assessor };
    await done(agency.POST("/grants/applications/{key}/assessors", { params, body }));
  }
  for (const assessor of Object.values(assessors)) {
    const declared = { params, body: { conflicted: false } };
    await done(assessor.POST("/grants/applications/{key}/declaration", declared));
    const points = Object.fromEntries(CRITERIA.map(({ key }) => [key, 80]));
    await done(assessor.POST("/grants/applications/{key}/score", { params, body: { points } }));
  }
}

async function rank(agency: Uramost, call: string, application: string): Promise<void> {
  const params = { path: { key: call } };
  await done(agency.POST("/grants/calls/{key}/closing", { params }));
  const [best] = await done(agency.POST("/grants/calls/{key}/ranking", { params }));
  deepEqual([best?.id, best?.rank, best?.status], [application, 1, "ranked"]);
}

/** Money is text in both directions: no number of JavaScript holds it exactly. */
async function grant(agency: Uramost, application: string): Promise<Award> {
  const awarded = await done(
    agency.POST("/grants/awards", {
      body: {
        application,
        amount: AMOUNT,
        starts_on: day(0),
        ends_on: day(365),
        tranches: [
          { amount: "7500.00", due_on: day(0), advance: true },
          { amount: "5000.00", due_on: day(180) },
        ],
      },
    }),
  );
  deepEqual([awarded.status, awarded.amount], ["active", AMOUNT]);
  deepEqual(awarded.tranches.map((tranche) => tranche.status), ["released", "planned"]);
  return awarded;
}
