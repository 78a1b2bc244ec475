using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class ReflectionTests(EchoServer server)
{
    [Fact]
    public async Task ListServices_Asked_GivesAllInOrder()
    {
        ServerReflectionResponse answer = await Ask(new ServerReflectionRequest { Host = "h", ListServices = string.Empty });
        Assert.Equal("h", answer.ValidHost);
        Assert.Equal(
            "echo.v1.CompressedEcho,echo.v1.Echo,grpc.health.v1.Health,grpc.reflection.v1.ServerReflection,grpc.reflection.v1alpha.ServerReflection",
            string.Join(',', answer.ListServicesResponse.Service.Select(s => s.Name)));
    }

    [Theory]
    [InlineData("echo.v1.Echo")]
    [InlineData("echo.v1.Echo.Chat")]
    [InlineData("echo.v1.EchoRequest")]
    [InlineData("echo.v1.EchoRequest.text")]
    [InlineData("echo.v1.Behaviour")]
    [InlineData(".echo.v1.EchoReply")]
    public async Task FileContainingSymbol_Known_GivesItsFile(string symbol)
    {
        ServerReflectionResponse answer = await Ask(new ServerReflectionRequest { FileContainingSymbol = symbol });
        FileDescriptor file = Assert.Single(FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal("echo.proto", file.Name);
        Assert.NotNull(file.FindTypeByName<MessageDescriptor>(nameof(EchoRequest)));
    }

    [Theory]
    [InlineData("grpc.health.v1.HealthCheckResponse.SERVING", "grpc/health/v1/health.proto")]
    [InlineData("grpc.reflection.v1.ServerReflectionRequest.message_request", "grpc/reflection/v1/reflection.proto")]
    public async Task FileContainingSymbol_EnumValueOrOneof_GivesItsFile(string symbol, string path)
    {
        ServerReflectionResponse answer = await Ask(new ServerReflectionRequest { FileContainingSymbol = symbol });
        FileDescriptor file = Assert.Single(FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal(path, file.Name);
    }

    [Fact]
    public async Task FileByFilename_Known_GivesItsFile()
    {
        ServerReflectionResponse answer = await Ask(new ServerReflectionRequest { FileByFilename = "grpc/health/v1/health.proto" });
        Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task Unknown_Asked_IsAnErrorInsideTheAnswer()
    {
        ServerReflectionRequest[] questions =
        [
            new() { FileByFilename = "no.proto" },
            new() { FileContainingSymbol = "no.Symbol" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "echo.v1.EchoRequest", ExtensionNumber = 100 } },
            new() { AllExtensionNumbersOfType = "no.Type" },
        ];
        foreach (ServerReflectionRequest question in questions)
            Assert.Equal((int)StatusCode.NotFound, (await Ask(question)).ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.InvalidArgument, (await Ask(new ServerReflectionRequest())).ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task AllExtensionNumbers_OfKnownType_AreNone()
    {
        ServerReflectionResponse answer = await Ask(new ServerReflectionRequest { AllExtensionNumbersOfType = "echo.v1.EchoReply" });
        Assert.Equal("echo.v1.EchoReply", answer.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Empty(answer.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task Alpha_Asked_AnswersAsV1()
    {
        using var call = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = "echo.v1.Echo" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Single(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
        Assert.Equal("echo.v1.Echo", call.ResponseStream.Current.OriginalRequest.FileContainingSymbol);
    }

    private async Task<ServerReflectionResponse> Ask(ServerReflectionRequest question)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(question);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext());
        ServerReflectionResponse answer = call.ResponseStream.Current;
        Assert.False(await call.ResponseStream.MoveNext());
        return answer;
    }
}
