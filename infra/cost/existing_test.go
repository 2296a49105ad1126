package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

// restOf is what a stack costs at rest, in USD by what it is for, and what is said above the tables.
func restOf(t *testing.T, changes map[string]string, flags ...string) (usd map[string]string, said string) {
	t.Helper()
	var file strings.Builder
	for key, value := range changes {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&file, "  scheduled-messages:%s: %s\n", key, text)
	}
	_, out, err := ofFile(t, file.String(), flags...)
	if err != nil {
		t.Fatal(err)
	}
	said, tables, _ := strings.Cut(out, "\n\n")
	table, _, _ := strings.Cut(tables, "\n\n")
	usd = map[string]string{}
	for _, row := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(row, " | ")
		usd[strings.TrimPrefix(cells[0], "| ")] = strings.TrimSuffix(cells[1], " |")
	}
	return usd, said
}

// The rows of what a stack can leave to others.
const (
	acusRow     = "Aurora Serverless v2, Aurora Standard"
	storageRow  = "Aurora storage"
	endpointRow = "interface endpoint"
	keyRow      = "customer-managed KMS key, first year; each of the first two rotations adds as much"
	secretRow   = "Secrets Manager secret"
	proxyRow    = "RDS Proxy on Serverless v2, at least 8 ACUs"
	vcpuRow     = "RDS Proxy on provisioned instances, at least 2 vCPUs"
	alarmRow    = "CloudWatch alarm, standard resolution"
	addressRow  = "public IPv4 address"
)

func TestAStackPaysForWhatItMakesAndNotForWhatIsThere(t *testing.T) {
	cluster, instance := infratest.ExistingModes["cluster"], infratest.ExistingModes["instance"]
	given := map[string]string{"secretsManagerEndpoint": infratest.HostGroup}
	none := map[string]string{"secretsManagerEndpoint": "none"}
	public := map[string]string{"publicSubnetIds": infratest.PublicOne + "," + infratest.PublicTwo}
	three := fmt.Sprintf("%s,%s,%s", infratest.PrivateOne, infratest.PrivateTwo, infratest.PublicOne)
	own, _ := restOf(t, nil)
	delete(own, "**total**") // a sum, rounded
	for name, test := range map[string]struct {
		changes map[string]string
		flags   []string
		want    map[string]string // that differ from a stack with all its own; "": not in the table
	}{
		"a key":            {infratest.Chosen("kmsKeyArn"), nil, map[string]string{keyRow: ""}},
		"a VPC":            {infratest.ExistingModes["VPC"], nil, nil},
		"a VPC's endpoint": {infratest.With(infratest.ExistingModes["VPC"], given), nil, map[string]string{endpointRow: ""}},
		"a VPC's way out":  {infratest.With(infratest.ExistingModes["VPC"], none), nil, map[string]string{endpointRow: ""}},
		"a larger endpoint": {infratest.With(infratest.ExistingModes["VPC"], map[string]string{"privateSubnetIds": three}), nil,
			map[string]string{endpointRow: "21.90"}},
		"a cluster":          {cluster, nil, database(vcpuRow, "21.90")},
		"an instance":        {instance, nil, database(vcpuRow, "21.90")},
		"vCPUs of a cluster": {cluster, []string{"-vcpus", "16"}, database(vcpuRow, "175.20")},
		"one vCPU":           {instance, []string{"-vcpus", "1"}, database(vcpuRow, "21.90")},
		"ACUs of a cluster":  {cluster, []string{"-acus", "16"}, database(proxyRow, "175.20")},
		"half an ACU":        {cluster, []string{"-acus", "0.5"}, database(proxyRow, "87.60")},
		"nothing but the stack": {infratest.With(instance, infratest.Chosen("kmsKeyArn"), none), nil,
			infratest.With(database(vcpuRow, "21.90"), map[string]string{endpointRow: "", keyRow: ""})},
		// Each instance has an address of its own there, by which it reaches its packages, next to the load balancer's.
		"public instances": {infratest.With(cluster, infratest.Modes["network"], public), []string{"-acus", "8"},
			infratest.With(database(proxyRow, "87.60"), map[string]string{
				addressRow: "14.60", endpointRow: "43.80", "network load balancer, without its capacity units": "16.43",
				"EC2 t4g.micro, on demand": "12.26", "EBS gp3 volume": "1.28", alarmRow: "3.70"})},
	} {
		want := maps.Clone(own)
		got, said := restOf(t, test.changes, test.flags...)
		delete(got, "**total**")
		for row, usd := range test.want {
			if want[row] = usd; usd == "" {
				delete(want, row)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s:\n%v, want\n%v", name, got, want)
		}
		if strings.Count(said, "\nLeft out, because not the stack's: ") != 1 {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// database are the rows that differ on an existing database: nothing of a cluster, no secret of its master user, no alarms on it,
// and RDS Proxy as given.
func database(proxy, usd string) map[string]string {
	rows := map[string]string{acusRow: "", storageRow: "", proxyRow: "", secretRow: "0.80", alarmRow: "3.50"}
	rows[proxy] = usd
	return rows
}

func TestASizeThatOnlyAWSKnowsIsSaidToBeTheMinimum(t *testing.T) {
	const unknown = "which only AWS knows: it counts at AWS's minimum, 2 vCPUs for 21.90 USD; give -vcpus"
	for mode, more := range map[string]string{
		"instance": ".",
		"cluster":  ", or -acus for Serverless v2, whose minimum is 8 ACUs for 87.60 USD.",
	} {
		if _, said := restOf(t, infratest.ExistingModes[mode]); !strings.Contains(said, ": at least ") ||
			!strings.HasSuffix(said, unknown+more) {
			t.Errorf("%s: %s", mode, said)
		}
		if _, said := restOf(t, infratest.ExistingModes[mode], "-vcpus", "4"); strings.Contains(said, "at least") ||
			strings.Contains(said, unknown) {
			t.Errorf("%s, known: %s", mode, said)
		}
	}
}

func TestWhatIsLeftOutIsNamedInOneLine(t *testing.T) {
	_, said := restOf(t, infratest.With(infratest.ExistingModes["cluster"], infratest.Chosen("kmsKeyArn"),
		map[string]string{"secretsManagerEndpoint": infratest.HostGroup}))
	want := "\nLeft out, because not the stack's: the VPC vpc-0a1b2c3d4e5f67890 with its subnets; " +
		"the endpoint of Secrets Manager in sg-0a1b2c3d4e5f67890; the cluster orders with its capacity, storage and I/O; " +
		"the secret arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/admin-AbCdEf; " +
		"the key arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab.\n"
	if !strings.Contains(said, want) {
		t.Errorf("%s, want %s", said, want)
	}
}

func TestASizeOfNoExistingDatabaseIsRefused(t *testing.T) {
	vpc := "  scheduled-messages:vpcId: vpc-0a1b2c3d4e5f67890\n"
	for flag, test := range map[string]struct{ file, want string }{
		"-vcpus": {vpc, "-vcpus is 4: must be left out: the database is the stack's own"},
		"-acus":  {vpc, "-acus is 4: must be left out: the database is the stack's own"},
		"-acus ": {vpc + "  scheduled-messages:instanceIdentifier: orders\n",
			"-acus is 4: must be -vcpus with instanceIdentifier orders: an instance of RDS has no ACUs"},
	} {
		if _, out, err := ofFile(t, test.file, strings.TrimSpace(flag), "4"); err == nil || !strings.HasSuffix(err.Error(), test.want) ||
			out != "" {
			t.Errorf("%q, %v, want %s", out, err, test.want)
		}
	}
}
