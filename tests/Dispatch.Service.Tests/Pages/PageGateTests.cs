using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Pages;

namespace TrafficDispatch.Service.Tests.Pages;

public sealed class PageGateTests : IDisposable
{
    private const string Viewer = "viewer-0123456789abcdef", Reporter = "reporter-0123456789abcdef";
    private static readonly IPAddress Here = IPAddress.Loopback, There = IPAddress.Parse("198.51.100.7");

    private readonly string _roles = Path.GetTempFileName();

    public PageGateTests() => File.WriteAllText(_roles, $"ana viewer {Viewer}\nfra reporter {Reporter}\n");

    public void Dispose() => File.Delete(_roles);

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:5050", true)]
    [InlineData("127.0.0.1:5050", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("[::1]:5050", true)]
    [InlineData("rebound.example.net:5050", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("localhost.example.net", false)]
    [InlineData("", false)]
    public void Judge_LoopbackByName_OnlyItsOwnNamesAreHere(string host, bool here) => Assert.Equal(here, Look(Call(Here, null, host)).SeesAll);

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public void Judge_LoopbackThroughAnother_IsNotHere(string header, string value)
    {
        DefaultHttpContext call = Call(Here, null);
        call.Request.Headers[header] = value;
        Assert.False(Look(call).SeesAll);
    }

    [Fact]
    public void Judge_LoopbackClosed_SeesTheRestUntilItShowsARole()
    {
        PageGate gate = Gate(new PageSettings { OpenHere = false });
        Assert.False(Look(Call(Here, null), gate).SeesAll);
        Assert.True(Look(Call(Here, Viewer), gate).SeesAll);
    }

    [Fact]
    public void Judge_AnotherMachine_SeesTheRestWithoutACredential()
    {
        Visitor visitor = Look(Call(There, null));
        Assert.Equal(("", false, false), (visitor.Name, visitor.SeesAll, visitor.IsHere));
    }

    [Fact]
    public void Judge_AnotherMachineWithTheRole_SeesAll()
    {
        Visitor visitor = Look(Call(There, Viewer));
        Assert.Equal(("ana", true, false), (visitor.Name, visitor.SeesAll, visitor.IsHere));
    }

    [Fact]
    public void Judge_WrongCredentials_AreRefusedAndBounded()
    {
        PageGate gate = Gate(new());
        Assert.Equal(StatusCode.PermissionDenied, gate.Judge("Page/State", Call(There, Reporter), out Visitor visitor).StatusCode);
        Assert.False(visitor.SeesAll);
        for (int i = 0; i < 10; i++) Assert.Equal(StatusCode.Unauthenticated, gate.Judge("Page/State", Call(There, "guess"), out visitor).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, gate.Judge("Page/State", Call(There, "guess"), out visitor).StatusCode);
        Assert.False(visitor.SeesAll);
        // Who shows nothing guesses nothing.
        Assert.Equal(StatusCode.OK, gate.Judge("Page/State", Call(There, null), out visitor).StatusCode);
        Assert.False(visitor.SeesAll);
    }

    private Visitor Look(DefaultHttpContext call, PageGate? gate = null)
    {
        Assert.Equal(StatusCode.OK, (gate ?? Gate(new())).Judge("Page/State", call, out Visitor visitor).StatusCode);
        return visitor;
    }

    private PageGate Gate(PageSettings settings)
    {
        CredentialBook book = new(null, WatchedFile<TokenBook>.Open(_roles, static (byte[] text, out System.Collections.Immutable.ImmutableArray<string> faults) =>
            TokenBook.Parse(System.Text.Encoding.UTF8.GetString(text), TokenLines.WithRoles, out faults), TokenBook.Empty, out _), null);
        ManualClock clock = TestService.Morning();
        return new(new AccessGate(book, new FailureLimit(clock), new AccessTally(), clock, NullLogger<AccessGate>.Instance), book, settings);
    }

    private static DefaultHttpContext Call(IPAddress remote, string? token, string host = "localhost:5050")
    {
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = remote;
        http.Request.Headers.Host = host;
        if (token is not null) http.Request.Headers.Authorization = "Bearer " + token;
        return http;
    }
}
