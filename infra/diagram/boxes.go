package main

// box is a box of the diagram, placed by hand.
type box struct {
	id, title, subtitle string
	x, y, w, h          int
	style               string // of the box: outside, function, store, network, frame
	// components are those that it stands for, by name. A box is drawn if the program makes one of them, or if it has
	// none: then it is outside.
	components []string
	// group is the security group that it is in.
	group string
	// resources are what policies name whose bearers may invoke it or send to it, and the bearers of such policies.
	resources []string
}

const (
	width  = 1120
	height = 690
)

var boxes = []box{
	{id: "vpc", title: "VPC: private subnets, no route out", x: 440, y: 170, w: 655, h: 356, style: "frame", components: []string{"network", "security"}},
	{id: "public", title: "public subnets", x: 456, y: 404, w: 190, h: 108, style: "frame", components: []string{"public"}},

	{id: "backend", title: "your backend", subtitle: "CreateSchedule at(…)", x: 25, y: 58, w: 150, h: 62, style: "outside"},
	{id: "schedule", title: "EventBridge Scheduler", subtitle: "a group of schedules, a role", x: 225, y: 58, w: 180, h: 62, style: "service", components: []string{"schedule"}, resources: []string{"schedule"}},
	{id: "sender", title: "sender λ", subtitle: "delivers one message", x: 480, y: 58, w: 160, h: 62, style: "function", components: []string{"sender"}, resources: []string{"sender"}},
	{id: "topic", title: "SNS topic", subtitle: "channel sns", x: 715, y: 40, w: 150, h: 46, style: "service", components: []string{"pipeline"}, resources: []string{"pipeline-messages"}},
	{id: "hosts", title: "allowed hosts", subtitle: "channel webhook", x: 715, y: 100, w: 150, h: 46, style: "outside"},

	{id: "undelivered", title: "undelivered", subtitle: "dead letters (SQS)", x: 225, y: 190, w: 180, h: 52, style: "queue", components: []string{"schedule"}, resources: []string{"schedule-undelivered"}},
	{id: "heartbeat", title: "heartbeat", subtitle: "schedules, hourly and daily", x: 225, y: 272, w: 180, h: 52, style: "service", components: []string{"schedule"}, resources: []string{"schedule-heartbeat", "schedule-rotation-heartbeat"}},
	{id: "unwritten", title: "unwritten", subtitle: "dead letters (SQS)", x: 225, y: 354, w: 180, h: 52, style: "queue", components: []string{"pipeline"}, resources: []string{"pipeline-unwritten"}},

	{id: "updater", title: "updater λ", subtitle: "writes one status", x: 480, y: 222, w: 160, h: 62, style: "function", components: []string{"updater"}, group: "updater", resources: []string{"updater"}},
	{id: "proxy", title: "RDS Proxy", subtitle: "TLS, the pool", x: 715, y: 222, w: 150, h: 62, style: "store", components: []string{"proxy"}, group: "proxy", resources: []string{"proxy"}},
	{id: "database", title: "Aurora MySQL", subtitle: "Serverless v2", x: 930, y: 222, w: 145, h: 62, style: "store", components: []string{"database"}, group: "database", resources: []string{"database"}},
	{id: "migrator", title: "migrator λ", subtitle: "schema and user, at up", x: 930, y: 352, w: 145, h: 52, style: "function", components: []string{"migration", "migrator"}, group: "maintenance", resources: []string{"migrator"}},
	{id: "rotator", title: "rotator λ", subtitle: "new passwords", x: 930, y: 452, w: 145, h: 52, style: "function", components: []string{"rotation", "rotator"}, group: "maintenance", resources: []string{"rotator"}},
	{id: "endpoint", title: "interface endpoint", subtitle: "one in each zone", x: 715, y: 452, w: 150, h: 52, style: "network", components: []string{"endpoint"}, group: "endpoint"},
	{id: "secrets", title: "Secrets Manager", subtitle: "the users' passwords, a signing key", x: 690, y: 568, w: 200, h: 52, style: "service", components: []string{"database-admin", "database-app", "pipeline-webhook"}},

	{id: "haproxy", title: "HAProxy", subtitle: "one, or one a zone", x: 480, y: 438, w: 142, h: 52, style: "network", components: []string{"external"}, group: "haproxy"},
	{id: "balancer", title: "load balancer", subtitle: "ha: network or classic", x: 225, y: 438, w: 180, h: 52, style: "network", components: []string{"external"}, group: "balancer"},
	{id: "clients", title: "clients", subtitle: "externalAllowedCidrs", x: 25, y: 438, w: 150, h: 52, style: "outside", components: []string{"external"}},
	{id: "management", title: "Systems Manager", subtitle: "its endpoints, in the VPC", x: 480, y: 568, w: 160, h: 52, style: "network", components: []string{"management"}, group: "management"},
	{id: "foundation", title: "KMS key", subtitle: "encrypts all that is stored", x: 920, y: 568, w: 175, h: 52, style: "service", components: []string{"foundation"}},
	{id: "monitoring", title: "CloudWatch", subtitle: "alarms to a topic, a dashboard", x: 25, y: 568, w: 200, h: 52, style: "service", components: []string{"monitoring"}},
}

// arrow goes from one box to another, by the points between them, if it does not go straight.
type arrow struct {
	from, to, label string
	kind            string   // traffic: an edge of the security groups; call: a policy allows it; other: neither
	points          [][2]int // from border to border
	labelAt         [2]int
	anchor          string // of the label: start, middle or end
}

var arrows = []arrow{
	{from: "backend", to: "schedule", kind: "other", points: [][2]int{{175, 89}, {225, 89}}},
	{from: "schedule", to: "sender", kind: "call", label: "at its time", points: [][2]int{{405, 89}, {480, 89}}, labelAt: [2]int{442, 80}, anchor: "middle"},
	{from: "schedule", to: "undelivered", kind: "call", label: "could not invoke", points: [][2]int{{315, 120}, {315, 190}}, labelAt: [2]int{323, 152}, anchor: "start"},
	{from: "sender", to: "topic", kind: "call", points: [][2]int{{640, 76}, {715, 63}}},
	{from: "sender", to: "hosts", kind: "other", points: [][2]int{{640, 102}, {715, 118}}},
	{from: "sender", to: "updater", kind: "call", label: "on success, on failure", points: [][2]int{{560, 120}, {560, 222}}, labelAt: [2]int{568, 146}, anchor: "start"},
	{from: "heartbeat", to: "updater", kind: "call", label: "{}", points: [][2]int{{405, 298}, {455, 298}, {455, 266}, {480, 266}}, labelAt: [2]int{424, 291}, anchor: "middle"},
	{from: "heartbeat", to: "undelivered", kind: "call", points: [][2]int{{315, 272}, {315, 242}}},
	{from: "updater", to: "unwritten", kind: "call", label: "could not write", points: [][2]int{{530, 284}, {530, 380}, {405, 380}}, labelAt: [2]int{424, 372}, anchor: "start"},
	{from: "updater", to: "proxy", kind: "traffic", label: "3306", points: [][2]int{{640, 253}, {715, 253}}, labelAt: [2]int{677, 245}, anchor: "middle"},
	{from: "proxy", to: "database", kind: "traffic", label: "3306", points: [][2]int{{865, 253}, {930, 253}}, labelAt: [2]int{897, 245}, anchor: "middle"},
	{from: "updater", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{600, 284}, {600, 340}, {770, 340}, {770, 452}}, labelAt: [2]int{684, 333}, anchor: "middle"},
	{from: "migrator", to: "database", kind: "traffic", label: "3306", points: [][2]int{{985, 352}, {985, 284}}, labelAt: [2]int{993, 322}, anchor: "start"},
	{from: "migrator", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{930, 378}, {822, 378}, {822, 452}}, labelAt: [2]int{876, 371}, anchor: "middle"},
	{from: "rotator", to: "database", kind: "traffic", points: [][2]int{{1075, 478}, {1085, 478}, {1085, 318}, {1040, 318}, {1040, 284}}},
	{from: "rotator", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{930, 478}, {865, 478}}, labelAt: [2]int{897, 470}, anchor: "middle"},
	{from: "heartbeat", to: "rotator", kind: "call", label: "{} once a day", points: [][2]int{{225, 298}, {203, 298}, {203, 545}, {1003, 545}, {1003, 504}}, labelAt: [2]int{212, 538}, anchor: "start"},
	{from: "secrets", to: "rotator", kind: "other", points: [][2]int{{890, 594}, {908, 594}, {908, 518}, {955, 518}, {955, 504}}},
	{from: "endpoint", to: "secrets", kind: "other", points: [][2]int{{790, 504}, {790, 568}}},
	{from: "clients", to: "balancer", kind: "other", points: [][2]int{{175, 464}, {225, 464}}},
	{from: "balancer", to: "haproxy", kind: "traffic", label: "3306", points: [][2]int{{405, 464}, {480, 464}}, labelAt: [2]int{430, 456}, anchor: "middle"},
	{from: "haproxy", to: "database", kind: "traffic", label: "3306", points: [][2]int{{560, 438}, {560, 318}, {952, 318}, {952, 284}}, labelAt: [2]int{684, 311}, anchor: "middle"},
	{from: "haproxy", to: "management", kind: "traffic", label: "443", points: [][2]int{{560, 490}, {560, 568}}, labelAt: [2]int{568, 536}, anchor: "start"},
}
