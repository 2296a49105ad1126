package command

import (
	"flag"
	"strings"
	"text/tabwriter"
)

// help is what -h prints.
func (c *Command) help(root *Command, f *Flags) string {
	var out strings.Builder
	name := root.Name
	if c != root {
		name += " " + c.Name
	}
	if c.Run != nil {
		out.WriteString("usage: " + usage(name, f, c.Operands) + "\n")
	}
	if len(c.names()) > 0 {
		lead := "usage: "
		if c.Run != nil {
			lead = "       "
		}
		out.WriteString(lead + name + " COMMAND [flags]\n")
	}
	out.WriteString("\n" + c.Summary + ".\n")
	if c.Text != "" {
		out.WriteString("\n" + strings.TrimSpace(c.Text) + "\n")
	}
	columns := tabwriter.NewWriter(&out, 0, 0, 3, ' ', 0)
	if len(c.names()) > 0 {
		_, _ = columns.Write([]byte("\ncommands (each has its own -h):\n"))
		for _, sub := range c.Subcommands {
			if !sub.Hidden {
				_, _ = columns.Write([]byte("  " + strings.TrimSpace(sub.Name+" "+sub.Operands) + "\t" + sub.Summary + "\n"))
			}
		}
	}
	_, _ = columns.Write([]byte("\nflags:\n"))
	f.set.VisitAll(func(one *flag.Flag) {
		value, usage := flag.UnquoteUsage(one)
		if _, isBool := one.Value.(*truth); isBool {
			value = ""
		}
		if one.DefValue != "" {
			usage += " (default " + one.DefValue + ")"
		}
		_, _ = columns.Write([]byte("  -" + strings.TrimSpace(one.Name+" "+strings.ToUpper(value)) + "\t" + usage + "\n"))
	})
	_, _ = columns.Write([]byte("  -h\tprint this\n"))
	_ = columns.Flush()
	return out.String()
}

func usage(name string, f *Flags, operands string) string {
	if len(f.names()) > 1 {
		name += " [flags]"
	}
	return strings.TrimSpace(name + " " + operands)
}
