using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Measure;

namespace TrafficDispatch.Service.Tests.Measure;

public sealed class ReporterGateTests : IDisposable
{
    private static readonly IPAddress Here = IPAddress.Loopback, There = IPAddress.Parse("198.51.100.7");

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Check_BothEndsOnThisMachine_LetsAnyoneIn() => ReporterGate.Read("").Check(Here, IPAddress.IPv6Loopback, null);

    [Fact]
    public void Check_OtherMachineWithoutAToken_IsDenied() => Assert.Equal(StatusCode.PermissionDenied, Refusal(ReporterGate.Read(""), "Bearer x"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer secre")]
    [InlineData("Bearer secret2")]
    [InlineData("Basic secret")]
    [InlineData("secret")]
    public void Check_OtherMachineWithAWrongToken_IsUnauthenticated(string? header)
    {
        File.WriteAllText(_file, "secret\n");
        Assert.Equal(StatusCode.Unauthenticated, Refusal(ReporterGate.Read(_file), header));
    }

    [Fact]
    public void Check_OtherMachineWithTheToken_IsLetIn()
    {
        File.WriteAllText(_file, "secret\nanything\n");
        ReporterGate gate = ReporterGate.Read(_file);
        gate.Check(There, There, "Bearer secret");
        gate.Check(Here, There, "bearer secret");
    }

    [Fact]
    public void Check_EmptyTokenFile_LetsNobodyIn() => Assert.Equal(StatusCode.PermissionDenied, Refusal(ReporterGate.Read(_file), "Bearer "));

    private static StatusCode Refusal(ReporterGate gate, string? header) =>
        Assert.Throws<RpcException>(() => gate.Check(Here, There, header)).StatusCode;
}
