using Grpc.Core;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Tests.Commands;

/// <summary>Changes over the admin plane: which token goes where, and what comes back.</summary>
public sealed class AdminCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("state", "Bearer of-the-state")]
    [InlineData("file", "Bearer of-the-file")]
    [InlineData("variable", "Bearer of-the-variable")]
    [InlineData("none", "")]
    public async Task Drain_TokenFromItsSource_IsShown(string source, string shown)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "admin.token"), "of-the-state\n");
        string file = Path.Combine(_folder.Path, "token");
        File.WriteAllText(file, "of-the-file\nnot this\n");
        string[] more = source switch
        {
            "state" => ["--state", _folder.Path],
            "file" => ["--state", _folder.Path, "--token-file", file],
            _ => ["--state", source == "none" ? Path.Combine(_folder.Path, "nowhere") : _folder.Path],
        };
        CliRun run = await CliRun.With(
            t => t with { Variable = name => source == "variable" && name == "DISPATCH_ADMIN_TOKEN" ? "of-the-variable" : null },
            ["drain", "own-fra", "domain:HK:Hong Kong", "--for", "90m", "--reason", "works", "--admin", _service.Address, "--json", .. more]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        (DrainRequest request, string authorization) = _service.Answers.Drained!.Value;
        Assert.Equal((shown, 5400ul, "works", "drained"), (authorization, request.ForSeconds, request.Reason, request.State));
        Assert.Equal(["edge own-fra", "domain HK:Hong Kong"], request.Targets.Select(static t => $"{t.Kind} {t.Id}"));
        Assert.Contains("\"changed\":2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_OtherMachineWithoutTls_IsShownNoToken()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "admin.token"), "of-the-state\n");
        CliRun given = await CliRun.With(static t => t with { Variable = static name => name == "DISPATCH_ADMIN_TOKEN" ? "secret" : null }, "drain", "e", "--admin", "http://198.51.100.7:5052");
        Assert.Equal(2, given.Code);
        Assert.Contains("the token would cross the network in the clear", given.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", given.Error, StringComparison.Ordinal);
        // The token of this machine is no other machine's business: without one the call goes out, and nobody is there.
        CliRun own = await CliRun.Of("overrides", "--admin", "http://192.0.2.1:5052", "--state", _folder.Path, "--timeout", "0.2");
        Assert.Equal(6, own.Code);
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated, 7)]
    [InlineData(StatusCode.PermissionDenied, 7)]
    [InlineData(StatusCode.FailedPrecondition, 7)]
    [InlineData(StatusCode.NotFound, 2)]
    [InlineData(StatusCode.ResourceExhausted, 6)]
    public async Task Drain_ServiceRefuses_ExitsByItsStatus(StatusCode status, int code)
    {
        _service.Answers.Drain = (_, _) => throw new RpcException(new Grpc.Core.Status(status, "because of the test"));
        CliRun run = await CliRun.Of("drain", "e", "--admin", _service.Address, "--state", _folder.Path);
        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.Contains("because of the test", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain city:Paris", "must be an edge's id")]
    [InlineData("drain e --for 2030", "--for is '2030'")]
    [InlineData("drain e --as 1.5", "--as is '1.5'")]
    [InlineData("rollback 7", "must be a table's version")]
    [InlineData("drain e --key k.pem", "--key needs --cert")]
    [InlineData("drain e --ca ca.pem", "need an https address")]
    [InlineData("drain e --admin https://127.0.0.1:1 --ca /nowhere.pem", "/nowhere.pem cannot be used")]
    public async Task Run_FaultyArguments_AreNamed(string line, string fault)
    {
        CliRun run = await CliRun.Of([.. line.Split(' ')]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }
}
