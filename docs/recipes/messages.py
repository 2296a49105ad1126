"""Schedules, moves, cancels and lists messages with EventBridge Scheduler: python3 messages.py COMMAND ...

    create ID AT CHANNEL TO SUBJECT BODY    AT is UTC: 2026-12-01T09:00:00
    move ID AT
    cancel ID
    list

It needs boto3 1.28 or later, credentials with the policy schedulePolicyArn, and the stack's outputs in outputs.json:
pulumi stack output --json > outputs.json
"""

import json
import sys

import boto3

with open("outputs.json", encoding="utf-8") as file:
    outputs = json.load(file)
group = outputs["scheduleGroupName"]
scheduler = boto3.client("scheduler", region_name=outputs["senderArn"].split(":")[3])


def create(id, at, channel, to, subject, body):
    """Once for an id, however often it is called. The id is the schedule's name: 1 to 64 of 0-9 a-z A-Z - _ . and it does not begin
    with "row-" or "row.", the names of the outbox."""
    try:
        scheduler.create_schedule(
            Name=id,
            GroupName=group,
            ScheduleExpression=f"at({at})",
            ScheduleExpressionTimezone="UTC",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            KmsKeyArn=outputs["scheduleKeyArn"],
            Target={
                "Arn": outputs["senderArn"],
                "RoleArn": outputs["schedulerRoleArn"],
                "DeadLetterConfig": {"Arn": outputs["undeliveredQueueArn"]},
                "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600},
                "Input": json.dumps({"id": id, "channel": channel, "to": to, "subject": subject, "body": body}),
            },
        )
        return True
    except scheduler.exceptions.ConflictException:
        return False  # it is scheduled


def move(id, at):
    """False if the message was sent, or was never scheduled. UpdateSchedule replaces everything: what is there goes with it."""
    try:
        schedule = scheduler.get_schedule(Name=id, GroupName=group)
        for field in ("ResponseMetadata", "Arn", "CreationDate", "LastModificationDate"):
            schedule.pop(field, None)
        schedule["ScheduleExpression"] = f"at({at})"
        scheduler.update_schedule(**schedule)
        return True
    except scheduler.exceptions.ResourceNotFoundException:
        return False


def cancel(id):
    """False if the message was sent, or was never scheduled."""
    try:
        scheduler.delete_schedule(Name=id, GroupName=group)
        return True
    except scheduler.exceptions.ResourceNotFoundException:
        return False


def list_messages():
    """The ids of the messages to come, with those of the outbox."""
    pages = scheduler.get_paginator("list_schedules").paginate(GroupName=group)
    return [schedule["Name"] for page in pages for schedule in page["Schedules"]]


if __name__ == "__main__":
    commands = {"create": create, "move": move, "cancel": cancel, "list": list_messages}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
