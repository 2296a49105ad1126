package main

import (
	"bytes"
	"os"
	"testing"
	"time"
)

func TestABundleThatIsCleanStaysAsItIs(t *testing.T) {
	text, err := os.ReadFile("../bundle.pem")
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := write(&again, append(text, text...), time.Now()); err != nil { // each twice
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), text) {
		t.Error("got another bundle")
	}
}

func TestRootsThatHaveExpiredAreLeftOut(t *testing.T) {
	text, err := os.ReadFile("../bundle.pem")
	if err != nil {
		t.Fatal(err)
	}
	var after bytes.Buffer
	if err := write(&after, text, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(after.Bytes(), []byte("RSA2048")) || !bytes.Contains(after.Bytes(), []byte("RSA4096")) {
		t.Error("want the roots of 2121 and none of 2061")
	}
}
