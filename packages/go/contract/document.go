// Package contract reads the operations of an OpenAPI document, and validates requests by it with
// the same sentences as Ajv does in the services in Node.
package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flash-deal/packages/go/jsonvalue"
)

// Operation is one operation of a contract.
type Operation struct {
	ID     string
	Method string
	// Path is the path template of the contract, with {name} for a parameter.
	Path string
	// Secured is `public`, `bearer` or `internal`.
	Secured string
	// Success is the first 2xx status.
	Success int
	// Statuses are the declared statuses of responses.
	Statuses map[int]bool
	Params   *Texts
	Query    *Texts
	Header   *Texts
	Body     *Body
}

// Body is the request body of an operation.
type Body struct {
	IsRequired bool
	schema     *schema
}

// Operations reads the operations of a document. It panics if the document uses a keyword that is not
// validated here, so that every rule of a contract is checked.
func Operations(document []byte) []Operation {
	parsed, err := jsonvalue.Parse(document)
	if err != nil {
		panic(err)
	}
	doc := reader{root: parsed.(*jsonvalue.Object)}
	operations := []Operation{}
	paths := object(doc.root, "paths")
	for _, path := range paths.Names {
		item := object(paths, path)
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if _, isThere := item.Get(method); isThere {
				operations = append(operations, doc.operation(path, method, item))
			}
		}
	}
	return operations
}

type reader struct{ root *jsonvalue.Object }

func (d reader) operation(path, method string, item *jsonvalue.Object) Operation {
	source := object(item, method)
	responses := object(source, "responses")
	statuses := map[int]bool{}
	for _, name := range responses.Names {
		status, _ := strconv.Atoi(name)
		statuses[status] = true
	}
	parameters := append(list(item, "parameters"), list(source, "parameters")...)
	return Operation{
		ID:       text(source, "operationId"),
		Method:   strings.ToUpper(method),
		Path:     path,
		Secured:  securedBy(list(source, "security")),
		Success:  successOf(statuses),
		Statuses: statuses,
		Params:   d.texts(parameters, "path"),
		Query:    d.texts(parameters, "query"),
		Header:   d.texts(parameters, "header"),
		Body:     d.body(source),
	}
}

func securedBy(requirements []any) string {
	secured := "public"
	for _, each := range requirements {
		names := each.(*jsonvalue.Object).Names
		if slices.Contains(names, "internalKey") {
			return "internal"
		}
		if slices.Contains(names, "bearer") {
			secured = "bearer"
		}
	}
	return secured
}

func successOf(statuses map[int]bool) int {
	success := 200
	for status := range statuses {
		if status >= 200 && status < 300 && (success == 200 || status < success) && !statuses[200] {
			success = status
		}
	}
	return success
}

func (d reader) body(source *jsonvalue.Object) *Body {
	if _, isThere := source.Get("requestBody"); !isThere {
		return nil
	}
	body := d.resolve(object(source, "requestBody"))
	isRequired, _ := body.Values["required"].(bool)
	content := object(object(body, "content"), "application/json")
	return &Body{IsRequired: isRequired, schema: d.schema(object(content, "schema"))}
}

func (d reader) texts(parameters []any, in string) *Texts {
	texts := &Texts{}
	for _, each := range parameters {
		parameter := d.resolve(each.(*jsonvalue.Object))
		if text(parameter, "in") != in {
			continue
		}
		isRequired, _ := parameter.Values["required"].(bool)
		texts.parameters = append(texts.parameters, parameterOf(text(parameter, "name"), in, isRequired, d.schema(object(parameter, "schema"))))
	}
	if len(texts.parameters) == 0 {
		return nil
	}
	return texts
}

func parameterOf(name, in string, isRequired bool, schema *schema) parameter {
	if in == "header" {
		name = strings.ToLower(name)
	}
	return parameter{name, isRequired, schema}
}

// resolve follows a reference within the document.
func (d reader) resolve(source *jsonvalue.Object) *jsonvalue.Object {
	reference, isReference := source.Values["$ref"].(string)
	if !isReference {
		return source
	}
	found := d.root
	for name := range strings.SplitSeq(strings.TrimPrefix(reference, "#/"), "/") {
		found = object(found, name)
	}
	return d.resolve(found)
}

func object(source *jsonvalue.Object, name string) *jsonvalue.Object {
	found, ok := source.Values[name].(*jsonvalue.Object)
	if !ok {
		panic(fmt.Sprintf("contract: %s is no object", name))
	}
	return found
}

func list(source *jsonvalue.Object, name string) []any {
	found, _ := source.Values[name].([]any)
	return found
}

func text(source *jsonvalue.Object, name string) string {
	found, _ := source.Values[name].(string)
	return found
}

// SingleHeaders are the headers of an operation that must not be repeated, in lower case, each with
// its error.
func (o Operation) SingleHeaders() []string {
	if o.Header == nil {
		return nil
	}
	names := make([]string, len(o.Header.parameters))
	for i, each := range o.Header.parameters {
		names[i] = each.name
	}
	return names
}

// ByPath orders operations so that paths without parameters are matched first.
func ByPath(a, b Operation) int {
	return cmp.Compare(strings.Count(a.Path, "{"), strings.Count(b.Path, "{"))
}
