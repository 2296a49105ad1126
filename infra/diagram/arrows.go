package main

import "slices"

// arrow goes from one box to another, by the points between them, if it does not go straight.
type arrow struct {
	from, to, label string
	kind            string   // traffic: an edge of the security groups; call: a policy allows it; other: neither
	points          [][2]int // from border to border
	labelAt         [2]int
	anchor          string // of the label: start, middle or end
	without         string // a box that it takes the place of
}

var arrows = []arrow{
	{
		from: "backend", to: "schedule", kind: "other",
		points: [][2]int{{175, 89}, {225, 89}},
	},
	{
		from: "schedule", to: "sender", kind: "call",
		points: [][2]int{{405, 89}, {480, 89}},
		label:  "at its time", labelAt: [2]int{442, 80}, anchor: "middle",
	},
	{
		from: "schedule", to: "undelivered", kind: "call",
		points: [][2]int{{315, 120}, {315, 190}},
		label:  "could not invoke", labelAt: [2]int{323, 152}, anchor: "start",
	},
	{
		from: "sender", to: "topic", kind: "call",
		points: [][2]int{{640, 76}, {715, 63}},
	},
	{
		from: "sender", to: "hosts", kind: "other",
		points: [][2]int{{640, 102}, {715, 118}},
	},
	{
		from: "sender", to: "updater", kind: "call",
		points: [][2]int{{560, 120}, {560, 222}},
		label:  "on success, on failure", labelAt: [2]int{568, 146}, anchor: "start",
	},
	{
		from: "backend", to: "status", kind: "other",
		points: [][2]int{{60, 120}, {60, 404}, {500, 404}, {500, 382}},
		label:  "asks what became of it", labelAt: [2]int{70, 397}, anchor: "start",
	},
	{
		from: "heartbeat", to: "updater", kind: "call",
		points: [][2]int{{405, 296}, {430, 296}, {430, 240}, {480, 240}},
		label:  "{}", labelAt: [2]int{417, 289}, anchor: "middle",
	},
	{
		from: "heartbeat", to: "status", kind: "call",
		points: [][2]int{{405, 316}, {455, 316}, {455, 354}, {480, 354}},
	},
	{
		from: "heartbeat", to: "undelivered", kind: "call",
		points: [][2]int{{315, 280}, {315, 242}},
	},
	{
		from: "heartbeat", to: "armer", kind: "call",
		points: [][2]int{{405, 288}, {411, 288}, {411, 16}, {1030, 16}, {1030, 62}},
		label:  "{} each minute", labelAt: [2]int{1022, 30}, anchor: "end",
	},
	{
		from: "armer", to: "schedule", kind: "other",
		points: [][2]int{{960, 62}, {960, 34}, {315, 34}, {315, 58}},
		label:  "makes, moves, deletes schedules", labelAt: [2]int{430, 28}, anchor: "start",
	},
	{
		from: "armer", to: "relay", kind: "call",
		points: [][2]int{{990, 118}, {990, 142}, {885, 142}, {885, 342}, {865, 342}},
		label:  "asks", labelAt: [2]int{920, 137}, anchor: "middle",
	},
	{
		from: "armer", to: "updater", kind: "call",
		points: [][2]int{{950, 118}, {950, 158}, {610, 158}, {610, 222}},
		label:  "what is done", labelAt: [2]int{700, 168}, anchor: "middle",
	},
	{
		from: "relay", to: "proxy", kind: "traffic",
		points: [][2]int{{815, 326}, {815, 284}},
		label:  "3306", labelAt: [2]int{823, 309}, anchor: "start",
	},
	{
		from: "relay", to: "endpoint", kind: "traffic",
		points: [][2]int{{845, 374}, {845, 536}},
		label:  "443", labelAt: [2]int{853, 400}, anchor: "start",
	},
	{
		from: "updater", to: "unwritten", kind: "call",
		points: [][2]int{{480, 270}, {467, 270}, {467, 464}, {405, 464}},
		label:  "could not write", labelAt: [2]int{412, 480}, anchor: "start",
	},
	{
		from: "updater", to: "proxy", kind: "traffic",
		points: [][2]int{{640, 245}, {715, 245}},
		label:  "3306", labelAt: [2]int{677, 237}, anchor: "middle",
	},
	{
		from: "status", to: "proxy", kind: "traffic",
		points: [][2]int{{640, 342}, {690, 342}, {690, 268}, {715, 268}},
		label:  "3306", labelAt: [2]int{694, 335}, anchor: "start",
	},
	{
		from: "proxy", to: "database", kind: "traffic",
		points: [][2]int{{865, 253}, {930, 253}},
		label:  "3306", labelAt: [2]int{908, 245}, anchor: "middle",
	},
	{
		from: "updater", to: "endpoint", kind: "traffic",
		points: [][2]int{{640, 268}, {666, 268}, {666, 405}, {800, 405}, {800, 536}},
		label:  "443", labelAt: [2]int{733, 398}, anchor: "middle",
	},
	{
		from: "status", to: "endpoint", kind: "traffic",
		points: [][2]int{{600, 382}, {600, 428}, {760, 428}, {760, 536}},
		label:  "443", labelAt: [2]int{640, 421}, anchor: "middle",
	},
	{
		from: "migrator", to: "database", kind: "traffic",
		points: [][2]int{{985, 436}, {985, 284}},
		label:  "3306", labelAt: [2]int{993, 366}, anchor: "start",
	},
	{
		from: "migrator", to: "endpoint", kind: "traffic",
		points: [][2]int{{930, 462}, {822, 462}, {822, 536}},
		label:  "443", labelAt: [2]int{905, 455}, anchor: "middle",
	},
	{
		from: "rotator", to: "database", kind: "traffic",
		points: [][2]int{{1075, 562}, {1085, 562}, {1085, 318}, {1040, 318}, {1040, 284}},
	},
	{
		from: "rotator", to: "endpoint", kind: "traffic",
		points: [][2]int{{930, 562}, {865, 562}},
		label:  "443", labelAt: [2]int{897, 554}, anchor: "middle",
	},
	{
		from: "heartbeat", to: "rotator", kind: "call",
		points: [][2]int{{225, 306}, {203, 306}, {203, 629}, {1003, 629}, {1003, 588}},
		label:  "{} once a day", labelAt: [2]int{212, 622}, anchor: "start",
	},
	{
		from: "secrets", to: "rotator", kind: "other",
		points: [][2]int{{890, 678}, {908, 678}, {908, 602}, {955, 602}, {955, 588}},
	},
	{
		from: "endpoint", to: "secrets", kind: "other",
		points: [][2]int{{790, 588}, {790, 652}},
	},
	{
		from: "clients", to: "balancer", kind: "other",
		points: [][2]int{{175, 548}, {225, 548}},
	},
	{
		from: "clients", to: "haproxy", kind: "other", without: "balancer",
		points: [][2]int{{175, 548}, {480, 548}},
		label:  "3306", labelAt: [2]int{430, 540}, anchor: "middle",
	},
	{
		from: "balancer", to: "haproxy", kind: "traffic",
		points: [][2]int{{405, 548}, {480, 548}},
		label:  "3306", labelAt: [2]int{430, 540}, anchor: "middle",
	},
	{
		from: "haproxy", to: "database", kind: "traffic",
		points: [][2]int{{500, 522}, {500, 450}, {905, 450}, {905, 318}, {952, 318}, {952, 284}},
		label:  "3306", labelAt: [2]int{684, 444}, anchor: "middle",
	},
	{
		from: "haproxy", to: "management", kind: "traffic",
		points: [][2]int{{560, 574}, {560, 652}},
		label:  "443", labelAt: [2]int{568, 620}, anchor: "start",
	},
}

// between are the arrows of a picture with some boxes.
func between(there []box) (all []arrow) {
	for _, a := range arrows {
		to := slices.IndexFunc(there, func(b box) bool { return b.id == a.to })
		if to < 0 || !has(there, a.from) || a.without != "" && has(there, a.without) {
			continue
		}
		if a.to == "database" && there[to].existing && a.label != "" { // which no plan knows
			a.label = "its port"
		}
		all = append(all, a)
	}
	return all
}
