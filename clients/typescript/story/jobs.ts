/** A vacancy is published and taken, and an award pays for a part of the wage. */

import { deepEqual, equal } from "node:assert/strict";
import { done, refused, type Schemas, type Uramost } from "../client.ts";
import { day } from "./days.ts";
import type { Seeker } from "./people.ts";

type Award = Schemas["AwardView"];

/** Place somebody in a job that begins today, and nowhere else meanwhile. */
export async function place(agency: Uramost, seeker: Seeker, award: Award): Promise<void> {
  const vacancy = await publish(agency);
  const placement = await done(
    agency.POST("/employment/placements", {
      body: {
        vacancy,
        registration: seeker.registration,
        starts_on: day(0),
        ends_on: day(90),
        overlap_check_consented: true,
      },
    }),
  );
  deepEqual([placement.status, placement.term, placement.full_time], ["proposed", "short", true]);

  const params = { path: { key: placement.id } };
  for (const status of ["accepted", "started"] as const) {
    const stepped = await done(
      agency.POST("/employment/placements/{key}/steps", { params, body: { status } }),
    );
    equal(stepped.status, status);
  }
  await refuseAnother(agency, vacancy, seeker.again);
  const subsidy = await done(
    agency.POST("/employment/placements/{key}/subsidies", {
      params,
      body: { award: award.id, amount: "300.00", currency: "EUR", paid_on: day(0) },
    }),
  );
  deepEqual([subsidy.placement, subsidy.award], [placement.id, award.id]);
}

async function publish(agency: Uramost): Promise<string> {
  const business = { name: "Radionica Punëtoria", kind: "business" } as const;
  const { organisation } = await done(agency.POST("/grants/organisations", { body: business }));
  const employer = await done(
    agency.POST("/employment/employers", { body: { organisation: organisation.id } }),
  );
  equal(employer.name, business.name);
  const vacancy = await done(
    agency.POST("/employment/vacancies", {
      body: {
        employer: employer.id,
        title: "Elektricist / Električar",
        occupation: "7411",
        weekly_hours: 40,
        wage: { amount: "480.00", currency: "EUR", period: "month" },
        starts_on: day(0),
        places: 2,
      },
    }),
  );
  const params = { path: { key: vacancy.id } };
  const published = await done(agency.POST("/employment/vacancies/{key}/publication", { params }));
  equal(published.state, "published");
  return vacancy.id;
}

/** Under her other registration she is the same person, and has work in these days. */
async function refuseAnother(
  agency: Uramost,
  vacancy: string,
  registration: string,
): Promise<void> {
  const problem = await refused(
    agency.POST("/employment/placements", {
      body: {
        vacancy,
        registration,
        starts_on: day(1),
        overlap_check_consented: true,
        status: "accepted",
      },
    }),
  );
  const overlapping: typeof problem.type = "urn:uramost:problem:overlapping";
  equal(problem.type, overlapping);
}
