package model

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
)

// aliases are the services of a stack that are signed for under another name than botocore's.
var aliases = map[string][]string{
	"monitoring":           {"cloudwatch"},
	"elasticloadbalancing": {"elbv2", "elb"},
}

// Names are botocore's names of the services whose requests are signed for a name.
func (m *Models) Names(signed string) []string {
	if names, ok := aliases[signed]; ok {
		return names
	}
	if _, err := m.file(signed, ""); err == nil {
		return []string{signed}
	}
	return m.signed()[signed]
}

// index reads the beginning of every model, for the services that no stack uses. A model that cannot be read is not there.
func (m *Models) index() map[string][]string {
	names := map[string][]string{}
	folders, _ := os.ReadDir(m.folder)
	for _, folder := range folders {
		file, err := m.file(folder.Name(), "")
		if err != nil {
			continue
		}
		if meta, err := metadata(file); err == nil {
			signed := cmp.Or(meta.SigningName, meta.EndpointPrefix)
			names[signed] = append(names[signed], filepath.Base(folder.Name()))
		}
	}
	return names
}

// metadata reads a model as far as its metadata.
func metadata(file string) (meta Metadata, err error) {
	content, err := open(file)
	if err != nil {
		return meta, err
	}
	defer content.Close()
	decoder := json.NewDecoder(content)
	for {
		token, err := decoder.Token()
		if err != nil {
			return meta, err
		}
		if token == "metadata" {
			err = decoder.Decode(&meta)
			return meta, err
		}
	}
}
