package main

// box is a box of the diagram, placed by hand.
type box struct {
	id, title, subtitle string
	x, y, w, h          int
	style               string // of the box: outside, function, store, network, frame
	existing            bool   // before the stack, which neither makes nor changes it
	// components are those that it stands for, by name. A box is drawn if the program makes one of them, or if it has
	// none: then it is outside.
	components []string
	// needs is a resource without which the box is not drawn, whatever its components are; empty: none.
	needs string
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
	{
		id: "vpc", title: "VPC: private subnets, no route out",
		x: 440, y: 170, w: 655, h: 440, style: "frame",
		components: []string{"network", "security"},
	},
	{
		id: "public", title: "public subnets",
		x: 456, y: 488, w: 190, h: 108, style: "frame",
		components: []string{"public"},
	},
	{
		id: "backend", title: "your backend", subtitle: "CreateSchedule at(…)",
		x: 25, y: 58, w: 150, h: 62, style: "outside",
	},
	{
		id: "schedule", title: "EventBridge Scheduler", subtitle: "a group of schedules, a role",
		x: 225, y: 58, w: 180, h: 62, style: "service",
		components: []string{"schedule"},
		resources:  []string{"schedule"},
	},
	{
		id: "sender", title: "sender λ", subtitle: "delivers one message",
		x: 480, y: 58, w: 160, h: 62, style: "function",
		components: []string{"sender"},
		resources:  []string{"sender"},
	},
	{
		id: "topic", title: "SNS topic", subtitle: "channel sns",
		x: 715, y: 40, w: 150, h: 46, style: "service",
		components: []string{"pipeline"},
		needs:      "pipeline-messages",
		resources:  []string{"pipeline-messages"},
	},
	{
		id: "hosts", title: "allowed hosts", subtitle: "channel webhook",
		x: 715, y: 100, w: 150, h: 46, style: "outside",
		components: []string{"pipeline-webhook"},
	},
	{
		id: "undelivered", title: "undelivered", subtitle: "dead-letter queue (SQS)",
		x: 225, y: 190, w: 180, h: 52, style: "queue",
		components: []string{"schedule"},
		resources:  []string{"schedule-undelivered"},
	},
	{
		id: "heartbeat", title: "heartbeat", subtitle: "schedules with a rate",
		x: 225, y: 280, w: 180, h: 52, style: "service",
		components: []string{"schedule"},
		resources:  []string{"schedule-heartbeat", "schedule-status-heartbeat", "schedule-rotation-heartbeat", "outbox-tick"},
	},
	{
		id: "unwritten", title: "unwritten", subtitle: "dead-letter queue (SQS)",
		x: 225, y: 438, w: 180, h: 52, style: "queue",
		components: []string{"pipeline"},
		resources:  []string{"pipeline-unwritten"},
	},
	{
		id: "armer", title: "armer λ", subtitle: "outbox: follows the rows",
		x: 930, y: 62, w: 160, h: 56, style: "function",
		components: []string{"outbox", "armer"},
		resources:  []string{"armer"},
	},
	{
		id: "relay", title: "relay λ", subtitle: "outbox: reads rows",
		x: 735, y: 326, w: 130, h: 48, style: "function", group: "relay",
		components: []string{"relay"},
		resources:  []string{"relay"},
	},
	{
		id: "updater", title: "updater λ", subtitle: "writes one status",
		x: 480, y: 222, w: 160, h: 62, style: "function", group: "updater",
		components: []string{"updater"},
		resources:  []string{"updater"},
	},
	{
		id: "status", title: "status λ", subtitle: "answers, and only reads",
		x: 480, y: 326, w: 160, h: 56, style: "function", group: "status",
		components: []string{"status-access", "status"},
		resources:  []string{"status"},
	},
	{
		id: "proxy", title: "RDS Proxy", subtitle: "TLS, the pool",
		x: 715, y: 222, w: 150, h: 62, style: "store", group: "proxy",
		components: []string{"proxy"},
		resources:  []string{"proxy"},
	},
	{
		id: "database", title: "Aurora MySQL", subtitle: "Serverless v2",
		x: 930, y: 222, w: 145, h: 62, style: "store", group: "database",
		components: []string{"database"},
		resources:  []string{"database"},
	},
	{
		id: "migrator", title: "migrator λ", subtitle: "schema and users",
		x: 930, y: 436, w: 145, h: 52, style: "function", group: "maintenance",
		components: []string{"migration", "migrator"},
		resources:  []string{"migrator"},
	},
	{
		id: "rotator", title: "rotator λ", subtitle: "new passwords",
		x: 930, y: 536, w: 145, h: 52, style: "function", group: "maintenance",
		components: []string{"rotation", "rotator"},
		resources:  []string{"rotator"},
	},
	{
		id: "endpoint", title: "interface endpoint", subtitle: "one in each zone",
		x: 715, y: 536, w: 150, h: 52, style: "network", group: "endpoint",
		components: []string{"endpoint"},
	},
	{
		id: "secrets", title: "Secrets Manager", subtitle: "passwords, a signing key",
		x: 690, y: 652, w: 200, h: 52, style: "service",
		components: []string{"database-admin", "database-app", "database-reader", "pipeline-webhook"},
	},
	{
		id: "haproxy", title: "HAProxy", subtitle: "one, or one a zone",
		x: 480, y: 522, w: 142, h: 52, style: "network", group: "haproxy",
		components: []string{"external"},
	},
	{
		id: "balancer", title: "load balancer", subtitle: "ha: network or classic",
		x: 225, y: 522, w: 180, h: 52, style: "network", group: "balancer",
		components: []string{"external"},
		needs:      "security-balancer",
	},
	{
		id: "clients", title: "clients", subtitle: "externalAllowedCidrs",
		x: 25, y: 522, w: 150, h: 52, style: "outside",
		components: []string{"external"},
	},
	{
		id: "management", title: "Systems Manager", subtitle: "its endpoints, in the VPC",
		x: 480, y: 652, w: 160, h: 52, style: "network", group: "management",
		components: []string{"management"},
	},
	{
		id: "foundation", title: "KMS key", subtitle: "encrypts all that is stored",
		x: 920, y: 652, w: 175, h: 52, style: "service",
		components: []string{"foundation"},
	},
	{
		id: "monitoring", title: "CloudWatch", subtitle: "alarms to a topic, a dashboard",
		x: 25, y: 652, w: 200, h: 52, style: "service",
		components: []string{"monitoring"},
	},
}
