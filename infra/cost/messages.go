package main

import (
	"slices"

	"scheduled-messages/infra/internal/planned"
)

const million = 1_000_000

// perMillion is what a million messages cost in addition to what the stack costs at rest: sent through SNS at their first
// attempt, spread over the month, so that the cluster stays at its least capacity.
func perMillion(s stack, usage map[string]figure) map[string]float64 {
	memory, duration := s.memory()
	of := func(name string) float64 { return usage[name].Value }
	secretReads := million / of("messagesPerEnvironment")
	keyCalls := secretReads // to decrypt the secret; SNS keeps its data key for minutes
	if _, follows := memory["armer"]; follows {
		keyCalls += 2 * million // the schedule's input is encrypted with the stack's key
	}
	quantities := map[string]float64{
		"scheduler":       1,
		"lambda-requests": 2,
		duration:          million * (memory["sender"]*of("senderMs") + memory["updater"]*of("updaterMs")) / 1000,
		"sns-publishes":   1,
		"log-ingestion":   million * of("logBytes") / 1e9,
		"xray":            of("traces"),
		"aurora-io":       of("ioRequests"),
		"aurora-storage":  million * of("rowBytes") / 1e9,
		"cross-zone":      2 * million * of("crossZoneBytes") / 1e9, // out of one zone and into the other
		"secret-calls":    secretReads / 10_000,
		"kms-requests":    keyCalls / 10_000,
	}
	if len(s.of("aws:rds/cluster:Cluster")) == 0 { // the existing database's owner pays for it
		delete(quantities, "aurora-io")
		delete(quantities, "aurora-storage")
	}
	if !s.publishes() {
		delete(quantities, "sns-publishes") // they leave as webhooks, which cost nothing but the sender's time
	}
	return quantities
}

// publishes reports whether messages leave through SNS.
func (s stack) publishes() bool {
	return slices.ContainsFunc(s.of("aws:sns/topic:Topic"), func(r planned.Resource) bool { return r.Name == "pipeline-messages" })
}
