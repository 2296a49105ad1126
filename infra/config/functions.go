package config

// Function is what is fixed of a Lambda function. Another function is a row here, a folder in lambda and the piece that
// makes it.
type Function struct {
	Name        string // of its folder in lambda, of its resources, and the end of its physical name
	Description string
	Timeout     int // seconds
	MemoryMB    int // and processor share
}

// The functions.
var (
	Sender = Function{
		Name:        "sender",
		Description: "Delivers one message",
		Timeout:     30,
		MemoryMB:    256,
	}
	Updater = Function{
		Name:        "updater",
		Description: "Writes one status",
		Timeout:     60, // longer than the proxy lets a statement wait
		MemoryMB:    256,
	}
	Status = Function{
		Name:        "status",
		Description: "Answers what became of a message",
		Timeout:     60,
		MemoryMB:    256,
	}
	Migrator = Function{
		Name:        "migrator",
		Description: "Makes the schema and the application's users",
		Timeout:     300,
		MemoryMB:    256,
	}
	Rotator = Function{
		Name:        "rotator",
		Description: "Gives the database's users new passwords",
		Timeout:     60,
		MemoryMB:    256,
	}
	Relay = Function{
		Name:        "relay",
		Description: "Reads which rows ask for a change at Scheduler",
		Timeout:     30,
		MemoryMB:    256,
	}
	Armer = Function{
		Name:        "armer",
		Description: "Makes, moves and deletes the schedules of rows",
		Timeout:     60, // a round a minute
		MemoryMB:    256,
	}
)

// Functions are all of them.
var Functions = []Function{Sender, Updater, Status, Migrator, Rotator, Relay, Armer}

// FunctionNames are the names of all.
func FunctionNames() []string {
	names := make([]string, len(Functions))
	for i, spec := range Functions {
		names[i] = spec.Name
	}
	return names
}

// Processor is one of Lambda's architectures.
type Processor struct {
	GOARCH    string
	Extension string // in the name of the SSM parameter of the secrets extension's layer
}

// Processors are Lambda's architectures, as it names them.
var Processors = map[string]Processor{
	"arm64":  {"arm64", "arm64"},
	"x86_64": {"amd64", "x86"},
}
