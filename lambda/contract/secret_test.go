package contract

import (
	"encoding/json"
	"testing"
)

func TestASecretMadeByOthersIsReadByUsernameAndPasswordAlone(t *testing.T) {
	for _, text := range []string{
		`{"username":"root","password":"p"}`, // as RDS itself manages it
		`{"username":"root","password":"p","engine":"mysql","host":"h","port":"3306","dbname":null,"dbClusterIdentifier":"c"}`,
		`{"username":"root","password":"p","port":3306,"host":{"a":1}}`,
	} {
		var secret DatabaseSecret
		if err := json.Unmarshal([]byte(text), &secret); err != nil || secret != (DatabaseSecret{Username: "root", Password: "p"}) {
			t.Errorf("%s: got %+v, %v", text, secret, err)
		}
	}
	var secret DatabaseSecret
	if json.Unmarshal([]byte(`{"username":7,"password":"p"}`), &secret) == nil {
		t.Error("a number passed as a username")
	}
}
