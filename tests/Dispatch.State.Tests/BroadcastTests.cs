using System.Threading.Channels;
using TrafficDispatch.State.Files;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>What every medium of broadcasts does, whatever it is made of.</summary>
public abstract class BroadcastContract : IAsyncLifetime
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IBroadcasts _broadcasts = null!;

    public async Task InitializeAsync() => _broadcasts = await OpenAsync();

    public abstract Task DisposeAsync();

    private protected abstract Task<IBroadcasts> OpenAsync();

    [Fact]
    public async Task Send_SeveralListeners_AllHearTheBytesInOrder()
    {
        Ears one = new(), two = new();
        await using IAsyncDisposable first = await _broadcasts.SubscribeAsync("votes", one.Hear, default), second = await _broadcasts.SubscribeAsync("votes", two.Hear, default);
        for (int i = 0; i < 20; i++) await _broadcasts.SendAsync("votes", new byte[] { (byte)i, 0, 255 }, default);
        foreach (Ears ears in (Ears[])[one, two])
            for (int i = 0; i < 20; i++) Assert.Equal([(byte)i, 0, 255], await ears.NextAsync());
    }

    [Fact]
    public async Task Send_OtherChannels_AreNotHeard()
    {
        Ears ears = new();
        await using IAsyncDisposable subscription = await _broadcasts.SubscribeAsync("a.b", ears.Hear, default);
        await _broadcasts.SendAsync("a-b", new byte[] { 1 }, default);
        await _broadcasts.SendAsync("a.b", new byte[] { 2 }, default);
        Assert.Equal([2], await ears.NextAsync());
    }

    [Fact]
    public async Task Send_ListenerHasEnded_IsHeardByTheOthersOnly()
    {
        Ears ended = new(), other = new();
        IAsyncDisposable subscription = await _broadcasts.SubscribeAsync("c", ended.Hear, default);
        await using IAsyncDisposable stays = await _broadcasts.SubscribeAsync("c", other.Hear, default);
        await subscription.DisposeAsync();
        await _broadcasts.SendAsync("c", new byte[] { 3 }, default);
        Assert.Equal([3], await other.NextAsync());
        Assert.Equal(0, ended.Waiting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(IBroadcasts.MostBytes)]
    public async Task Send_MessageWithinTheBounds_ArrivesWhole(int length)
    {
        byte[] message = new byte[length];
        new Random(length).NextBytes(message);
        Ears ears = new();
        await using IAsyncDisposable subscription = await _broadcasts.SubscribeAsync("large", ears.Hear, default);
        await _broadcasts.SendAsync("large", message, default);
        Assert.Equal(message, await ears.NextAsync());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a*", 1)]
    [InlineData("a b", 1)]
    [InlineData("a", IBroadcasts.MostBytes + 1)]
    public async Task Send_PartBreaksItsRule_Throws(string channel, int length)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _broadcasts.SendAsync(channel, new byte[length], default));
        if (channel != "a") await Assert.ThrowsAsync<ArgumentException>(() => _broadcasts.SubscribeAsync(channel, static _ => { }, default));
    }

    /// <summary>Keeps what is heard until the test asks for it.</summary>
    private protected sealed class Ears
    {
        private readonly Channel<byte[]> _heard = Channel.CreateUnbounded<byte[]>();

        public int Waiting => _heard.Reader.Count;

        public void Hear(ReadOnlyMemory<byte> message) => Assert.True(_heard.Writer.TryWrite(message.ToArray()));

        public async Task<byte[]> NextAsync() => await _heard.Reader.ReadAsync().AsTask().WaitAsync(Patience);
    }
}

public sealed class FolderBroadcastTests : BroadcastContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dispatch-broadcast-");

    public override Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private protected override Task<IBroadcasts> OpenAsync() => Task.FromResult(FileState.Open(_folder.FullName, 3, TimeProvider.System).Broadcasts);
}

[Collection(RedisCollection.Name)]
public sealed class RedisBroadcastTests(SharedRedis redis) : BroadcastContract
{
    private readonly RedisSettings _settings = redis.Server.Settings;
    private readonly List<RedisState> _opened = [];

    public override async Task DisposeAsync()
    {
        foreach (RedisState state in _opened) await state.DisposeAsync();
    }

    [Fact]
    public async Task Send_OtherProcessOtherPrefix_OnlyTheSamePrefixHears()
    {
        IBroadcasts here = await OpenAsync(_settings), there = await OpenAsync(_settings), foreign = await OpenAsync(redis.Server.Settings);
        Ears ears = new();
        await using IAsyncDisposable subscription = await there.SubscribeAsync("votes", ears.Hear, default);
        await foreign.SendAsync("votes", new byte[] { 1 }, default);
        await here.SendAsync("votes", new byte[] { 2 }, default);
        Assert.Equal([2], await ears.NextAsync());
    }

    [Fact]
    public async Task Send_ServerKilledAndBack_FailsThenIsHeardOnceAgain()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisState state = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        Ears ears = new();
        await using IAsyncDisposable subscription = await state.Broadcasts.SubscribeAsync("votes", ears.Hear, default);
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Broadcasts.SendAsync("votes", new byte[] { 1 }, default));
        await server.StartAgainAsync();
        // Said again until it is heard: what is sent before the subscription is back is lost, as broadcasts may be.
        await RedisConnectionTests.Eventually(async () =>
        {
            await state.Broadcasts.SendAsync("votes", new byte[] { 2 }, default);
            return ears.Waiting > 0 ? true : throw new StoreUnavailableException(StoreTrouble.Failed, "not heard yet");
        });
        Assert.Equal([2], await ears.NextAsync());
    }

    [Fact]
    public async Task Subscribe_OnACluster_IsHeard()
    {
        await using RedisServer node = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf");
        RedisConsole.Run(node, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await RedisConnectionTests.Eventually(() => Task.FromResult(RedisConsole.Run(node, "CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal)
            ? true : throw new StoreUnavailableException(StoreTrouble.Failed, "the cluster is not ready yet")));
        await using RedisState state = await RedisState.OpenAsync(node.Settings, 3, TimeProvider.System, default);
        Ears ears = new();
        await using IAsyncDisposable subscription = await state.Broadcasts.SubscribeAsync("votes", ears.Hear, default);
        await state.Broadcasts.SendAsync("votes", new byte[] { 7 }, default);
        Assert.Equal([7], await ears.NextAsync());
    }

    private protected override Task<IBroadcasts> OpenAsync() => OpenAsync(_settings);

    private async Task<IBroadcasts> OpenAsync(RedisSettings settings)
    {
        RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        _opened.Add(state);
        return state.Broadcasts;
    }
}
