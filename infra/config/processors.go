package config

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
