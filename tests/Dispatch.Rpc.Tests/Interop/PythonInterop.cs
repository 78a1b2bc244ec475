using TrafficDispatch.Rpc.EchoHost;

namespace TrafficDispatch.Rpc.Tests.Interop;

/// <summary>Debian's python3-grpcio, which stands on the C core, against our server.</summary>
[Collection(nameof(EchoServer))]
public sealed class PythonInterop(EchoServer server)
{
    [Fact]
    public async Task Suite_Run_PassesEveryCheck()
    {
        string descriptors = Path.Combine(Path.GetTempPath(), $"echo-{Guid.NewGuid():N}.desc");
        EchoApp.WriteDescriptors(descriptors);
        try
        {
            string suite = Path.Combine(InteropSuite.TestsFolder, "interop", "python", "run.py");
            await InteropSuite.ExpectAllPassAsync(50, "/usr/bin/python3", "-B", suite, new Uri(server.Address).Authority, descriptors);
        }
        finally
        {
            File.Delete(descriptors);
        }
    }
}
