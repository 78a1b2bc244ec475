namespace TrafficDispatch.Rpc.Tests.Interop;

/// <summary>@grpc/grpc-js, a client without any code of the C core, against our server.</summary>
[Collection(nameof(EchoServer))]
public sealed class NodeInterop(EchoServer server)
{
    [Fact]
    public async Task Suite_Run_PassesEveryCheck()
    {
        string suite = Path.Combine(InteropSuite.TestsFolder, "interop", "node", "run.js");
        string proto = Path.Combine(InteropSuite.TestsFolder, "Dispatch.Rpc.EchoHost", "proto", "echo.proto");
        await InteropSuite.ExpectAllPassAsync(40, "node", suite, new Uri(server.Address).Authority, proto);
    }
}
