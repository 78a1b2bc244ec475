using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.State.Files;

namespace TrafficDispatch.Service.Tests.Ingest;

/// <summary>Live streams that publishers register while the service runs.</summary>
public sealed class RegisteredStreamsTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly FileState _store;
    private readonly RegisteredStreams _facts;

    public RegisteredStreamsTests()
    {
        _store = FileState.Open(_state.Path, 3, TestService.Morning());
        _facts = new(new FolderFacts(_world.Directory), _store.Streams);
    }

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Read_RegisteredStream_StandsBesideThoseOfTheWorldAndChangesTheStamp()
    {
        string before = _facts.Stamp();
        World plain = _facts.Read().World!;
        await _store.Streams.PutAsync(new("derby", "og-par", 6), default);
        Assert.NotEqual(before, _facts.Stamp());
        World world = _facts.Read().World!;
        Assert.Equal(plain.Facts.Streams.Length + 1, world.Facts.Streams.Length);
        Assert.Equal(("og-par", 6.0), world.Facts.Streams.Where(static s => s.Key == "derby").Select(static s => (s.OriginId, s.BitrateMbps)).Single());
    }

    [Fact]
    public async Task Read_KeyOfTheWorld_IsReplacedByWhatIsRegistered()
    {
        LiveStream own = _facts.Read().World!.Facts.Streams[0];
        await _store.Streams.PutAsync(own with { BitrateMbps = 77, VariantMbps = [] }, default);
        Assert.Equal(77, Assert.Single(_facts.Read().World!.Facts.Streams, s => s.Key == own.Key).BitrateMbps);
    }

    [Fact]
    public async Task Read_OriginIsUnknown_IsLeftOutAndTold()
    {
        int before = _facts.Read().World!.Facts.Streams.Length;
        await _store.Streams.PutAsync(new("derby", "nowhere", 6), default);
        FactsReading reading = _facts.Read();
        Assert.Equal(before, reading.World!.Facts.Streams.Length);
        Assert.Contains(reading.Warnings, static w => w.Contains("'derby'", StringComparison.Ordinal) && w.Contains("'nowhere'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stamp_NoWorldThere_IsEmptyWhateverIsRegistered()
    {
        await _store.Streams.PutAsync(new("derby", "og-par", 6), default);
        using StateDirectory empty = new();
        Assert.Equal("", new RegisteredStreams(new FolderFacts(empty.Path), _store.Streams).Stamp());
    }
}
