using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.State.Tests;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class HealthCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Health_SetListClear_InRedis()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        Assert.Equal(0, (await CliRun.Of("load", "--world", TinyWorld.Write(_folder), "--redis", redis.Endpoint)).Code);
        CliRun set = await Run(redis, "set", "edge:own-a", "domain:FR:A=B:C", "--until", "30m", "--reason", "works", "--json");
        Assert.Equal((0, ""), (set.Code, set.Error));
        JsonElement[] said = [.. JsonDocument.Parse(set.Output).RootElement.GetProperty("overrides").EnumerateArray()];
        Assert.Equal(["edge:own-a", "domain:FR:A=B:C"], said.Select(static o => o.GetProperty("target").GetString()));
        Assert.All(said, static o => Assert.Equal(("drained", "works", $"operator:{Environment.UserName}"),
            (o.GetProperty("state").GetString(), o.GetProperty("reason").GetString(), o.GetProperty("source").GetString())));
        DateTimeOffset until = said[0].GetProperty("until").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(30), until - said[0].GetProperty("set_at").GetDateTimeOffset());

        await Run(redis, "set", "edge:own-a", "--as", "0.25", "--source", "ana");
        CliRun list = await Run(redis, "list");
        Assert.Contains("25 % usable", list.Output, StringComparison.Ordinal);
        CliRun mine = await Run(redis, "clear", "edge:own-a");
        Assert.Equal(0, mine.Code);
        Assert.Contains("edge:own-a stays as ana said", mine.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Run(redis, "clear", "edge:own-a")).Code);
        CliRun all = await Run(redis, "clear", "edge:own-a", "domain:FR:A=B:C", "--everyone");
        Assert.Equal((0, "no override is in force\n"), (all.Code, all.Output));
    }

    [Fact]
    public async Task Health_SetInAFolder_IsThereForTheService()
    {
        CliRun run = await CliRun.Of("health", "set", "operator:cdn-x", "--as", "down", "--state", _folder.Path, "--source", "ana");
        Assert.Equal(0, run.Code);
        Assert.Contains("no world to look the ids up in", run.Error, StringComparison.Ordinal);
        await using FileState state = FileState.Open(_folder.Path, 3, TimeProvider.System);
        HealthOverride held = Assert.Single((await state.HealthOverrides.ListAsync(default)).Overrides);
        Assert.Equal((new HealthStatement(HealthScope.Operator, "cdn-x", HealthState.Down, 0), "ana", null), (held.Statement, held.Source, held.Until));
    }

    [Fact]
    public async Task Health_UnknownId_ExitsTwoAndSaysNothingOfIt()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await CliRun.Of("load", "--world", TinyWorld.Write(_folder), "--redis", redis.Endpoint);
        CliRun run = await Run(redis, "set", "edge:own-a", "edge:own-z");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("has no edge:own-z", run.Error, StringComparison.Ordinal);
        Assert.Contains("no override", (await Run(redis, "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain edge:a --redis h:1", "'drain' must be set, clear or list")]
    [InlineData("set --redis h:1", "set needs a target")]
    [InlineData("list edge:a --redis h:1", "list takes no target")]
    [InlineData("set edge --redis h:1", "'edge' must be edge:ID")]
    [InlineData("set edge: --redis h:1", "'edge:' must be edge:ID")]
    [InlineData("set edge:a --as gone --redis h:1", "--as is 'gone'")]
    [InlineData("set edge:a --as 1 --redis h:1", "--as is '1'")]
    [InlineData("set edge:a --until 0m --redis h:1", "--until is '0m'")]
    [InlineData("set edge:a --until 2001-01-01 --redis h:1", "--until is '2001-01-01'")]
    [InlineData("set edge:a --until 2y --redis h:1", "--until is '2y'")]
    [InlineData("list", "either --redis or --state")]
    [InlineData("list --redis h:1 --state .", "either --redis or --state")]
    [InlineData("list --state /nowhere/at/all", "'/nowhere/at/all' is not there")]
    public async Task Health_BadArgument_ExitsTwoAndSaysWhy(string line, string fault)
    {
        CliRun run = await CliRun.Of(["health", .. line.Split(' ')]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> Run(RedisServer redis, params string[] line) => CliRun.Of(["health", .. line, "--redis", redis.Endpoint]);
}
