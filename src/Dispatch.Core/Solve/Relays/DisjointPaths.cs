namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Chooses up to three paths that fail apart: as many as possible that share neither a relay nor a fault domain, and among those sets
/// the one with the least sum of weights.
/// </summary>
/// <remarks>
/// Taking the shortest path first can block a disjoint pair (it may use the only two relays that reach the origin), so sets are compared,
/// not paths: branch and bound over the paths by rising weight. Candidates are few (an edge knows some relays, each knows the others),
/// and the bound cuts the search as soon as a set of three is found.
/// </remarks>
internal static class DisjointPaths
{
    /// <summary>Paths in an answer.</summary>
    public const int Wanted = 3;

    /// <summary>Chooses from candidates sorted by weight.</summary>
    /// <returns>Indices into the candidates, ascending: the best disjoint set.</returns>
    public static int[] Choose(IReadOnlyList<Candidate> sorted)
    {
        Search search = new(sorted);
        for (int size = Math.Min(Wanted, sorted.Count); size > 0; size--)
        {
            int[]? best = search.Best(size);
            if (best is not null) return best;
        }
        return [];
    }

    /// <summary>A path, seen as what it costs and what it stands or falls with.</summary>
    /// <param name="Weight">What it is ranked by, microseconds.</param>
    /// <param name="First">Fault-domain ordinal of the first relay, −1 where there is none.</param>
    /// <param name="Second">Fault-domain ordinal of the second relay, −1 where there is none.</param>
    internal readonly record struct Candidate(long Weight, int First, int Second)
    {
        /// <summary>True where the two cannot fail together by one fault domain. A relay lies in one domain, so this covers relays too.</summary>
        public bool IsDisjoint(Candidate other) => !Shares(First, other) && !Shares(Second, other);

        private static bool Shares(int domain, Candidate other) => domain >= 0 && (domain == other.First || domain == other.Second);
    }

    private sealed class Search(IReadOnlyList<Candidate> sorted)
    {
        private readonly int[] _held = new int[Wanted];
        private int[]? _best;
        private long _bound;
        private int _size;

        public int[]? Best(int size)
        {
            (_best, _bound, _size) = (null, long.MaxValue, size);
            Extend(0, 0, 0);
            return _best;
        }

        private void Extend(int depth, int from, long sum)
        {
            if (depth == _size)
            {
                _best = _held[.._size];
                _bound = sum;
                return;
            }
            for (int i = from; i < sorted.Count; i++)
            {
                // The rest of the set costs at least as much as this path each: nothing further on can win.
                if (sum + sorted[i].Weight * (_size - depth) >= _bound) return;
                if (!FitsWith(depth, sorted[i])) continue;
                _held[depth] = i;
                Extend(depth + 1, i + 1, sum + sorted[i].Weight);
            }
        }

        private bool FitsWith(int depth, Candidate candidate)
        {
            for (int k = 0; k < depth; k++)
                if (!candidate.IsDisjoint(sorted[_held[k]])) return false;
            return true;
        }
    }
}
