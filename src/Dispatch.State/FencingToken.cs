using System.Globalization;

namespace TrafficDispatch.State;

/// <summary>
/// What a lease's holder shows with every write. A store refuses a write whose token is not that of the lease in force, so a leader that
/// was cut off and came back changes nothing.
/// </summary>
/// <param name="Number">Grows with every grant of the lease, above 0; also over a store that lost its data, as long as its clock does not go back.</param>
/// <param name="Holder">Who holds it; unique among processes, so that two grants are told apart whatever their numbers.</param>
/// <remarks>Fencing after M. Kleppmann, "How to do distributed locking" (2016).</remarks>
public sealed record FencingToken(long Number, string Holder)
{
    /// <summary>The text form, <c>number:holder</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Holder}");
}

/// <summary>What became of a write that only the leader may make.</summary>
public enum FencedWrite
{
    /// <summary>It is stored, wholly.</summary>
    Stored,

    /// <summary>Refused: the token is not that of the lease in force. Nothing changed.</summary>
    StaleToken,

    /// <summary>Refused: what is there is as new or newer. Nothing changed.</summary>
    NotNewer,
}
