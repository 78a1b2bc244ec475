using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>Which version the next table gets: above every version that the store, the disk or a replica has seen.</summary>
public static class NextVersion
{
    /// <summary>
    /// The version after all those seen. A store that has seen nothing where others have came back empty: then a new epoch begins, so that
    /// whatever it gives out lies above all that it has forgotten.
    /// </summary>
    /// <param name="store">The highest that the store knows; <see cref="TableVersion.None"/> for an empty one.</param>
    /// <param name="seen">The highest that this process knows from its disk and from what it serves.</param>
    /// <param name="now">The time: the epoch of a store that nobody knows anything of is its second since 1970.</param>
    /// <param name="mayHaveForgotten">True where the store may once have known higher versions than it says; then a new epoch begins likewise.</param>
    public static TableVersion After(TableVersion store, TableVersion seen, DateTimeOffset now, bool mayHaveForgotten = false)
    {
        if (store == TableVersion.None || mayHaveForgotten)
            return new(Math.Max(now.ToUnixTimeSeconds(), checked(Math.Max(seen.Epoch, store.Epoch) + 1)), 1);
        return (store > seen ? store : seen).Next();
    }
}
