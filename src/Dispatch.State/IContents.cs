using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>Large contents filed by the version of a table, of which the newest few are kept; each is there wholly or not at all.</summary>
internal interface IContents
{
    /// <summary>Files a content under the leader's token.</summary>
    /// <returns>Whether it was stored; refused where the version is not above all before it.</returns>
    Task<FencedWrite> PutAsync(TableVersion version, ReadOnlyMemory<byte> content, FencingToken token, CancellationToken cancellation);

    /// <summary>The newest content; null where there is none. Without bytes where it is damaged, and then with what is wrong.</summary>
    Task<(TableVersion Version, byte[]? Content, string Fault)?> NewestAsync(CancellationToken cancellation);
}
