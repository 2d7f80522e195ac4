// Command go prints the messages of a file of contracts/proto as Go. `npm run generate` runs it:
//
//	go run ./contracts/go contracts/proto product.proto flash-deal/apps/order-go/internal/productpb
package main

import (
	"context"
	"fmt"
	"os"
	"path"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "Give the folder of the file, its name, and the Go package of the messages.")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(folder, name, goPackage string) error {
	descriptor, err := read(folder, name)
	if err != nil {
		return err
	}
	plugin, err := protogen.Options{}.New(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{name},
		Parameter:      proto.String("M" + name + "=" + goPackage + ";" + path.Base(goPackage)),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{descriptor},
	})
	if err != nil {
		return err
	}
	content, err := internal_gengo.GenerateFile(plugin, plugin.FilesByPath[name]).Content()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(content)
	return err
}

// read parses a file that imports no other.
func read(folder, name string) (*descriptorpb.FileDescriptorProto, error) {
	compiler := protocompile.Compiler{
		Resolver:       &protocompile.SourceResolver{ImportPaths: []string{folder}},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), name)
	if err != nil {
		return nil, err
	}
	return protodesc.ToFileDescriptorProto(files[0]), nil
}
