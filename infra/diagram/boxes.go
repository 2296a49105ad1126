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
	height = 774
)

var boxes = []box{
	{id: "vpc", title: "VPC: private subnets, no route out", x: 440, y: 170, w: 655, h: 440, style: "frame", components: []string{"network", "security"}},
	{id: "public", title: "public subnets", x: 456, y: 488, w: 190, h: 108, style: "frame", components: []string{"public"}},

	{id: "backend", title: "your backend", subtitle: "CreateSchedule at(…)", x: 25, y: 58, w: 150, h: 62, style: "outside"},
	{id: "schedule", title: "EventBridge Scheduler", subtitle: "a group of schedules, a role", x: 225, y: 58, w: 180, h: 62, style: "service", components: []string{"schedule"}, resources: []string{"schedule"}},
	{id: "sender", title: "sender λ", subtitle: "delivers one message", x: 480, y: 58, w: 160, h: 62, style: "function", components: []string{"sender"}, resources: []string{"sender"}},
	{id: "topic", title: "SNS topic", subtitle: "channel sns", x: 715, y: 40, w: 150, h: 46, style: "service", components: []string{"pipeline"}, resources: []string{"pipeline-messages"}},
	{id: "hosts", title: "allowed hosts", subtitle: "channel webhook", x: 715, y: 100, w: 150, h: 46, style: "outside"},

	{id: "undelivered", title: "undelivered", subtitle: "dead letters (SQS)", x: 225, y: 190, w: 180, h: 52, style: "queue", components: []string{"schedule"}, resources: []string{"schedule-undelivered"}},
	{id: "heartbeat", title: "heartbeat", subtitle: "schedules, hourly and daily", x: 225, y: 280, w: 180, h: 52, style: "service", components: []string{"schedule"}, resources: []string{"schedule-heartbeat", "schedule-status-heartbeat", "schedule-rotation-heartbeat"}},
	{id: "unwritten", title: "unwritten", subtitle: "dead letters (SQS)", x: 225, y: 438, w: 180, h: 52, style: "queue", components: []string{"pipeline"}, resources: []string{"pipeline-unwritten"}},

	{id: "updater", title: "updater λ", subtitle: "writes one status", x: 480, y: 222, w: 160, h: 62, style: "function", components: []string{"updater"}, group: "updater", resources: []string{"updater"}},
	{id: "status", title: "status λ", subtitle: "answers, and only reads", x: 480, y: 326, w: 160, h: 56, style: "function", components: []string{"status-access", "status"}, group: "status", resources: []string{"status"}},
	{id: "proxy", title: "RDS Proxy", subtitle: "TLS, the pool", x: 715, y: 222, w: 150, h: 62, style: "store", components: []string{"proxy"}, group: "proxy", resources: []string{"proxy"}},
	{id: "database", title: "Aurora MySQL", subtitle: "Serverless v2", x: 930, y: 222, w: 145, h: 62, style: "store", components: []string{"database"}, group: "database", resources: []string{"database"}},
	{id: "migrator", title: "migrator λ", subtitle: "schema and users, at up", x: 930, y: 436, w: 145, h: 52, style: "function", components: []string{"migration", "migrator"}, group: "maintenance", resources: []string{"migrator"}},
	{id: "rotator", title: "rotator λ", subtitle: "new passwords", x: 930, y: 536, w: 145, h: 52, style: "function", components: []string{"rotation", "rotator"}, group: "maintenance", resources: []string{"rotator"}},
	{id: "endpoint", title: "interface endpoint", subtitle: "one in each zone", x: 715, y: 536, w: 150, h: 52, style: "network", components: []string{"endpoint"}, group: "endpoint"},
	{id: "secrets", title: "Secrets Manager", subtitle: "the users' passwords, a signing key", x: 690, y: 652, w: 200, h: 52, style: "service", components: []string{"database-admin", "database-app", "database-reader", "pipeline-webhook"}},

	{id: "haproxy", title: "HAProxy", subtitle: "one, or one a zone", x: 480, y: 522, w: 142, h: 52, style: "network", components: []string{"external"}, group: "haproxy"},
	{id: "balancer", title: "load balancer", subtitle: "ha: network or classic", x: 225, y: 522, w: 180, h: 52, style: "network", components: []string{"external"}, group: "balancer"},
	{id: "clients", title: "clients", subtitle: "externalAllowedCidrs", x: 25, y: 522, w: 150, h: 52, style: "outside", components: []string{"external"}},
	{id: "management", title: "Systems Manager", subtitle: "its endpoints, in the VPC", x: 480, y: 652, w: 160, h: 52, style: "network", components: []string{"management"}, group: "management"},
	{id: "foundation", title: "KMS key", subtitle: "encrypts all that is stored", x: 920, y: 652, w: 175, h: 52, style: "service", components: []string{"foundation"}},
	{id: "monitoring", title: "CloudWatch", subtitle: "alarms to a topic, a dashboard", x: 25, y: 652, w: 200, h: 52, style: "service", components: []string{"monitoring"}},
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
	{from: "backend", to: "status", kind: "other", label: "asks what became of it", points: [][2]int{{60, 120}, {60, 404}, {500, 404}, {500, 382}}, labelAt: [2]int{70, 397}, anchor: "start"},
	{from: "heartbeat", to: "updater", kind: "call", label: "{}", points: [][2]int{{405, 296}, {430, 296}, {430, 240}, {480, 240}}, labelAt: [2]int{417, 289}, anchor: "middle"},
	{from: "heartbeat", to: "status", kind: "call", points: [][2]int{{405, 316}, {455, 316}, {455, 354}, {480, 354}}},
	{from: "heartbeat", to: "undelivered", kind: "call", points: [][2]int{{315, 280}, {315, 242}}},
	{from: "updater", to: "unwritten", kind: "call", label: "could not write", points: [][2]int{{480, 270}, {467, 270}, {467, 464}, {405, 464}}, labelAt: [2]int{412, 480}, anchor: "start"},
	{from: "updater", to: "proxy", kind: "traffic", label: "3306", points: [][2]int{{640, 245}, {715, 245}}, labelAt: [2]int{677, 237}, anchor: "middle"},
	{from: "status", to: "proxy", kind: "traffic", label: "3306", points: [][2]int{{640, 342}, {690, 342}, {690, 268}, {715, 268}}, labelAt: [2]int{694, 335}, anchor: "start"},
	{from: "proxy", to: "database", kind: "traffic", label: "3306", points: [][2]int{{865, 253}, {930, 253}}, labelAt: [2]int{897, 245}, anchor: "middle"},
	{from: "updater", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{640, 268}, {666, 268}, {666, 405}, {800, 405}, {800, 536}}, labelAt: [2]int{733, 398}, anchor: "middle"},
	{from: "status", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{600, 382}, {600, 428}, {760, 428}, {760, 536}}, labelAt: [2]int{640, 421}, anchor: "middle"},
	{from: "migrator", to: "database", kind: "traffic", label: "3306", points: [][2]int{{985, 436}, {985, 284}}, labelAt: [2]int{993, 366}, anchor: "start"},
	{from: "migrator", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{930, 462}, {822, 462}, {822, 536}}, labelAt: [2]int{876, 455}, anchor: "middle"},
	{from: "rotator", to: "database", kind: "traffic", points: [][2]int{{1075, 562}, {1085, 562}, {1085, 318}, {1040, 318}, {1040, 284}}},
	{from: "rotator", to: "endpoint", kind: "traffic", label: "443", points: [][2]int{{930, 562}, {865, 562}}, labelAt: [2]int{897, 554}, anchor: "middle"},
	{from: "heartbeat", to: "rotator", kind: "call", label: "{} once a day", points: [][2]int{{225, 306}, {203, 306}, {203, 629}, {1003, 629}, {1003, 588}}, labelAt: [2]int{212, 622}, anchor: "start"},
	{from: "secrets", to: "rotator", kind: "other", points: [][2]int{{890, 678}, {908, 678}, {908, 602}, {955, 602}, {955, 588}}},
	{from: "endpoint", to: "secrets", kind: "other", points: [][2]int{{790, 588}, {790, 652}}},
	{from: "clients", to: "balancer", kind: "other", points: [][2]int{{175, 548}, {225, 548}}},
	{from: "balancer", to: "haproxy", kind: "traffic", label: "3306", points: [][2]int{{405, 548}, {480, 548}}, labelAt: [2]int{430, 540}, anchor: "middle"},
	{from: "haproxy", to: "database", kind: "traffic", label: "3306", points: [][2]int{{560, 522}, {560, 450}, {880, 450}, {880, 318}, {952, 318}, {952, 284}}, labelAt: [2]int{684, 444}, anchor: "middle"},
	{from: "haproxy", to: "management", kind: "traffic", label: "443", points: [][2]int{{560, 574}, {560, 652}}, labelAt: [2]int{568, 620}, anchor: "start"},
}
