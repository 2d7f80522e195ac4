package product

import (
	"strconv"
	"testing"
	"time"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) pass(milliseconds int) {
	c.at = c.at.Add(time.Duration(milliseconds) * time.Millisecond)
}

func recentOn(c *clock) *recentRefusals {
	refusals := newRecentRefusals(c.now)
	return &refusals
}

func TestARefusalIsGivenAgainFor100msAfterTheQuestion(t *testing.T) {
	c := &clock{time.Now()}
	refusals := recentOn(c)
	learn := refusals.asking("a")
	c.pass(20)
	learn(errSold)
	if refusals.of("a") != errSold || refusals.of("b") != nil {
		t.Error("only the line that was refused is known")
	}
	refusals.asking("a")
	c.pass(79)
	if refusals.of("a") != errSold {
		t.Error("it is forgotten too early")
	}
	c.pass(1)
	if refusals.of("a") != nil {
		t.Error("it is remembered too long")
	}
}

func TestAfter40msOneRequestAsksAgain(t *testing.T) {
	c := &clock{time.Now()}
	refusals := recentOn(c)
	refusals.asking("a")(errSold)
	c.pass(39)
	if refusals.of("a") != errSold {
		t.Error("somebody asks too early")
	}
	c.pass(1)
	if refusals.of("a") != nil {
		t.Error("nobody asks again")
	}
	refusals.asking("a")
	if refusals.of("a") != errSold {
		t.Error("everybody asks again")
	}
}

func TestAfterAReleaseNothingIsKnownNorWhatWasAskedBefore(t *testing.T) {
	c := &clock{time.Now()}
	refusals := recentOn(c)
	refusals.asking("a")(errSold)
	learn := refusals.asking("a")
	refusals.forgetAll()
	if refusals.of("a") != nil {
		t.Error("it is known after the release")
	}
	learn(errSold)
	if refusals.of("a") != nil {
		t.Error("a question from before the release is believed")
	}
}

func TestItRemembers1000LinesAtMost(t *testing.T) {
	refusals := recentOn(&clock{time.Now()})
	for line := range refusalsMax + 1 {
		refusals.asking(strconv.Itoa(line))(errSold)
	}
	if refusals.of("0") != nil || refusals.of(strconv.Itoa(refusalsMax)) != errSold {
		t.Error("the oldest lines are not forgotten")
	}
}
