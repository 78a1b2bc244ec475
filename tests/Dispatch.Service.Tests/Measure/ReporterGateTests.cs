using System.Collections.Immutable;
using System.Net;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Measure;

namespace TrafficDispatch.Service.Tests.Measure;

public sealed class ReporterGateTests : IDisposable
{
    private const string Lines = "fra reporter reporter-0123456789abcdef\nana operator operator-0123456789abcdef\n";
    private static readonly IPAddress Here = IPAddress.Loopback, There = IPAddress.Parse("198.51.100.7");

    private readonly string _file = Path.GetTempFileName(), _roles = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        File.Delete(_roles);
    }

    [Fact]
    public void Check_BothEndsOnThisMachine_LetsAnyoneIn() => Gate(null).Check(Call(Here, IPAddress.IPv6Loopback, null));

    [Fact]
    public void Check_OtherMachineWithoutAToken_IsDenied() => Assert.Equal(StatusCode.PermissionDenied, Refusal(Gate(null), "Bearer x"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer secre")]
    [InlineData("Bearer secret2")]
    [InlineData("Basic secret")]
    [InlineData("secret")]
    public void Check_OtherMachineWithAWrongToken_IsUnauthenticated(string? header) => Assert.Equal(StatusCode.Unauthenticated, Refusal(Gate("secret\n"), header));

    [Fact]
    public void Check_OtherMachineWithTheToken_IsLetIn()
    {
        ReporterGate gate = Gate("secret\nanything\n");
        gate.Check(Call(There, There, "Bearer secret"));
        gate.Check(Call(Here, There, "bearer secret"));
    }

    [Fact]
    public void Check_EmptyTokenFile_LetsNobodyIn() => Assert.Equal(StatusCode.PermissionDenied, Refusal(Gate(""), "Bearer "));

    [Fact]
    public void Check_CredentialWithARole_ReportersAreLetInAndOthersDenied()
    {
        File.WriteAllText(_roles, Lines);
        ReporterGate gate = Gate(null);
        gate.Check(Call(Here, There, "Bearer reporter-0123456789abcdef"));
        Assert.Equal(StatusCode.PermissionDenied, Refusal(gate, "Bearer operator-0123456789abcdef"));
        Assert.Equal(StatusCode.Unauthenticated, Refusal(gate, "Bearer nobody"));
    }

    private static StatusCode Refusal(ReporterGate gate, string? header) =>
        Assert.Throws<RpcException>(() => gate.Check(Call(Here, There, header))).StatusCode;

    private static DefaultHttpContext Call(IPAddress local, IPAddress remote, string? header)
    {
        DefaultHttpContext http = new();
        (http.Connection.LocalIpAddress, http.Connection.RemoteIpAddress) = (local, remote);
        if (header is not null) http.Request.Headers.Authorization = header;
        return http;
    }

    private ReporterGate Gate(string? token)
    {
        if (token is not null) File.WriteAllText(_file, token);
        WatchedFile<TokenBook> roles = Open(_roles, TokenLines.WithRoles);
        return new(token is null ? null : Open(_file, TokenLines.One), new CredentialBook(null, roles, null));
    }

    private static WatchedFile<TokenBook> Open(string path, TokenLines lines) => WatchedFile<TokenBook>.Open(
        path, (byte[] text, out ImmutableArray<string> faults) => TokenBook.Parse(Encoding.UTF8.GetString(text), lines, out faults), TokenBook.Empty, out _);
}
