using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;
using TrafficDispatch.State.Tests;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class LoadCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_TinyWorld_IsInRedisAndReadBack()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        string world = TinyWorld.Write(_folder);
        CliRun run = await CliRun.Of("load", "--world", world, "--redis", redis.Endpoint, "--prefix", "p", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((2, 3, 0, 0, 1, 4), (Int(json, "regions"), Int(json, "edges"), Int(json, "relays"), Int(json, "origins"), Int(json, "services"), Int(json, "prefixes")));
        Assert.Equal(("p", 1, true), (json.GetProperty("prefix").GetString(), Int(json, "generation"), json.GetProperty("compared").GetBoolean()));
        Assert.Equal(Int(json, "bytes"), Int(json, "bytes_moved"));
        Assert.Contains("\"generation\":1,", RedisConsole.Run(redis, "GET", "{p}:world:stamp"), StringComparison.Ordinal);
        Assert.Equal("2\n", RedisConsole.Run(redis, "HLEN", "{p}:world:1:latency"));
        Assert.Equal("-1\n", RedisConsole.Run(redis, "PTTL", "{p}:world:1:latency"));
        CliRun again = await CliRun.Of("load", "--world", world, "--redis", redis.Endpoint, "--prefix", "p");
        Assert.Contains("generation 2 is in force", again.Output, StringComparison.Ordinal);
        Assert.Contains("of which 0 bytes were sent", again.Output, StringComparison.Ordinal);
        Assert.Contains("the same in every field", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_PasswordFromFileOrEnvironment_IsUsedAndNeverShown()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--requirepass", "s3cret-one");
        string[] line = ["load", "--world", TinyWorld.Write(_folder), "--redis", redis.Endpoint, "--timeout", "2"];
        Assert.Equal(0, (await CliRun.Of([.. line, "--password-file", _folder.Write("right", "s3cret-one")])).Code);
        Assert.Equal(0, (await CliRun.With(static t => t with { Variable = static v => v == "DISPATCH_REDIS_PASSWORD" ? "s3cret-one" : null }, line)).Code);
        CliRun wrong = await CliRun.Of([.. line, "--password-file", _folder.Write("wrong", "s3cret-two")]), none = await CliRun.Of(line);
        Assert.Equal((7, "", 7, ""), (wrong.Code, wrong.Output, none.Code, none.Output));
        Assert.DoesNotContain("s3cret", wrong.Error + none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NothingListens_ExitsSix()
    {
        string node = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisServer.FreePort()}");
        CliRun run = await CliRun.Of("load", "--world", TinyWorld.Write(_folder), "--redis", node, "--timeout", "1");
        Assert.Equal((6, ""), (run.Code, run.Output));
        Assert.StartsWith($"error: Redis at {node} cannot be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ForeignSchema_ExitsTwoAndTouchesNothing()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        RedisConsole.Run(redis, "SET", "{dispatch}:schema", "7");
        CliRun run = await CliRun.Of("load", "--world", TinyWorld.Write(_folder), "--redis", redis.Endpoint);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("schema '7'", run.Error, StringComparison.Ordinal);
        Assert.Equal("1\n", RedisConsole.Run(redis, "DBSIZE"));
    }

    [Theory]
    [InlineData("--redis 127.0.0.1", "must be host:port")]
    [InlineData("--redis h:1 --prefix a{b", "the prefix 'a{b'")]
    [InlineData("--redis h:1 --tls-ca /none", "'/none' is not there")]
    [InlineData("--redis h:1 --password-file /none", "--password-file '/none' cannot be read")]
    [InlineData("--prefix p", "--redis")]
    public async Task Load_BadOption_ExitsTwoAndSaysWhy(string options, string fault)
    {
        CliRun run = await CliRun.Of(["load", "--world", TinyWorld.Write(_folder), .. options.Split(' ')]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    /// <summary>A real process, killed as soon as it has begun to write; where exactly it dies is left to chance.</summary>
    [Fact]
    public async Task Load_ProcessKilledWhileItWrites_LeavesAWholeWorldInForce()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        Assert.Equal(0, (await CliRun.Of("load", "--world", TinyWorld.Write(_folder), "--redis", redis.Endpoint)).Code);
        await using RedisState state = await RedisState.OpenAsync(redis.Settings with { Prefix = "dispatch" }, 3, TimeProvider.System, default);
        World before = (await state.Worlds.ReadAsync(default)).World!;
        string shipped = Path.Combine(Repository.Root, "data", "world");
        for (int generation = 2; generation <= 3; generation++)
        {
            using Process load = Start("load", "--world", shipped, "--redis", redis.Endpoint);
            while (RedisConsole.Run(redis, "GET", "{dispatch}:world:generation").Trim() != generation.ToString(CultureInfo.InvariantCulture) && !load.HasExited) { }
            load.Kill();
            await load.WaitForExitAsync();
            WorldReading read = await state.Worlds.ReadAsync(default);
            Assert.Empty(read.Faults);
            bool isDone = read.Stamp!.Generation == generation;
            Assert.True(isDone ? read.World!.Regions.Length == 559 : WorldComparison.AreSame(before, read.World!));
            before = read.World!;
        }
        Assert.Equal(0, (await CliRun.Of("load", "--world", shipped, "--redis", redis.Endpoint)).Code);
        Assert.Equal(559, (await state.Worlds.ReadAsync(default)).World!.Regions.Length);
    }

    [Fact]
    public async Task Load_FaultyWorld_ExitsTwoBeforeRedisIsAsked()
    {
        CliRun run = await CliRun.Of("load", "--world", _folder.Path, "--redis", "127.0.0.1:1");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("regions.csv", run.Error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "dispatch.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
