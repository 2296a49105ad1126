// Schedules, moves, cancels and lists messages with EventBridge Scheduler: node messages.mjs COMMAND ...
//
//   create ID AT CHANNEL TO SUBJECT BODY    AT is UTC: 2026-12-01T09:00:00
//   move ID AT
//   cancel ID
//   list
//
// It needs @aws-sdk/client-scheduler (npm install), credentials with the policy schedulePolicyArn, and the stack's outputs in
// outputs.json: pulumi stack output --json > outputs.json

import { readFileSync } from "node:fs";
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  paginateListSchedules,
} from "@aws-sdk/client-scheduler";

const outputs = JSON.parse(readFileSync("outputs.json", "utf8"));
const GroupName = outputs.scheduleGroupName;
const client = new SchedulerClient({ region: outputs.senderArn.split(":")[3] });

// unless is false for one kind of error, and throws the others.
const unless = (name) => (error) => {
  if (error.name !== name) throw error;
  return false;
};

// create schedules once for an id, however often it is called. The id is the schedule's name: 1 to 64 of 0-9 a-z A-Z - _ . and it
// does not begin with "row-" or "row.", the names of the outbox.
export const create = (id, at, channel, to, subject, body) =>
  client
    .send(
      new CreateScheduleCommand({
        Name: id,
        GroupName,
        ScheduleExpression: `at(${at})`,
        ScheduleExpressionTimezone: "UTC",
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        KmsKeyArn: outputs.scheduleKeyArn,
        Target: {
          Arn: outputs.senderArn,
          RoleArn: outputs.schedulerRoleArn,
          DeadLetterConfig: { Arn: outputs.undeliveredQueueArn },
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
          Input: JSON.stringify({ id, channel, to, subject, body }),
        },
      }),
    )
    .then(() => true)
    .catch(unless("ConflictException")); // it is scheduled

// move is false if the message was sent, or was never scheduled. UpdateSchedule replaces everything: what is there goes with it.
export const move = async (id, at) => {
  try {
    const { $metadata, Arn, CreationDate, LastModificationDate, ...schedule } = await client.send(
      new GetScheduleCommand({ Name: id, GroupName }),
    );
    await client.send(new UpdateScheduleCommand({ ...schedule, ScheduleExpression: `at(${at})` }));
    return true;
  } catch (error) {
    return unless("ResourceNotFoundException")(error);
  }
};

// cancel is false if the message was sent, or was never scheduled.
export const cancel = (id) =>
  client
    .send(new DeleteScheduleCommand({ Name: id, GroupName }))
    .then(() => true)
    .catch(unless("ResourceNotFoundException"));

// list is the ids of the messages to come, with those of the outbox.
export const list = async () => {
  const names = [];
  for await (const page of paginateListSchedules({ client }, { GroupName })) {
    names.push(...page.Schedules.map((schedule) => schedule.Name));
  }
  return names;
};

const [command, ...args] = process.argv.slice(2);
const commands = { create, move, cancel, list };
if (!Object.hasOwn(commands, command)) {
  console.error("usage: node messages.mjs create|move|cancel|list ...");
  process.exit(1);
}
console.log(JSON.stringify(await commands[command](...args)));
