using TrafficDispatch.Flow.Session;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow;

/// <summary>A network with its optimum, kept warm: change it, solve again from the last basis, look, go back.</summary>
/// <remarks>
/// <para>Edits are checked at once and take effect at the next <see cref="Solve"/>. Costs, capacities of arcs between nodes that
/// arcs enter, and supplies are changed under the basis; what no longer fits is sent over artificial arcs of prohibitive cost,
/// which a few hundred pivots empty again. Other edits make the kernel's arrays anew and go on from the basis as well.</para>
/// <para>Every result is as exact as a cold one and can be proven by <see cref="Certify"/>. The same network, basis and edits give
/// the same flow. A re-solve that rebuilds nothing allocates nothing. One thread at a time; <see cref="Fork"/> for others.</para>
/// </remarks>
public sealed class FlowSession
{
    private readonly EditedNetwork _edited;
    private readonly KernelTrial _trial;
    private readonly Budget _budget = new(FlowOptions.Default, default);
    private readonly SessionOptimum _optimum;
    private ISessionKernel _kernel;
    private bool _wide;

    private FlowSession(EditedNetwork edited, ISessionKernel kernel, KernelTrial trial)
        => (_edited, _kernel, _trial, _optimum) = (edited, kernel, trial, new SessionOptimum(edited, trial.Scalar));

    /// <summary>Number of nodes, added ones included.</summary>
    public int NodeCount => _edited.NodeCount;

    /// <summary>Number of arcs, added ones included.</summary>
    public int ArcCount => _edited.ArcCount;

    /// <summary>The kernel of the last solve; see <see cref="FlowSolution.Kernel"/>.</summary>
    public string Kernel => Result.Kernel;

    /// <summary>How the last solve ended. Edits made since are not in it.</summary>
    public SessionResult Result { get; private set; }

    /// <summary>Opens a session and solves.</summary>
    /// <param name="network">The network.</param>
    /// <param name="basis">A basis of this network or one like it; null (default) for a cold solve.</param>
    /// <param name="options">Limits of the first solve.</param>
    /// <param name="cancellation">Ends the first solve.</param>
    /// <returns>The session; <see cref="Result"/> says how the first solve ended.</returns>
    /// <remarks>The first session of a process also compiles what re-solves need.</remarks>
    public static FlowSession Open(
        FlowNetwork network, FlowBasis? basis = null, FlowOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        Rehearsal.Once();
        return Open(network, basis, options, default, cancellation);
    }

    /// <summary>Opens a session where another solve of this network, or of one like it, ended, and solves.</summary>
    /// <param name="network">The network.</param>
    /// <param name="start">Its basis and potentials. From the network's own optimum nothing moves: of several optima the same one stays.</param>
    /// <param name="cancellation">Ends the first solve.</param>
    /// <returns>The session; <see cref="Result"/> says how the first solve ended.</returns>
    public static FlowSession Open(FlowNetwork network, FlowStart start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(start);
        Rehearsal.Once();
        var edited = new EditedNetwork(network);
        var session = new FlowSession(edited, KernelBuilder.Build(edited, start.Potentials.Span, start.Basis, start.Wide, default), default) { _wide = start.Wide };
        session.Solve(null, cancellation);
        return session;
    }

    /// <summary>Opens a session with a kernel that would not have been chosen, so that tests can compare.</summary>
    internal static FlowSession Open(
        FlowNetwork network, FlowBasis? basis, FlowOptions? options, KernelTrial trial, CancellationToken cancellation)
    {
        var edited = new EditedNetwork(network);
        var session = new FlowSession(edited, KernelBuilder.Build(edited, [], basis, wide: false, trial), trial);
        session.Solve(options, cancellation);
        return session;
    }

    /// <summary>Least and greatest flow and cost of an arc, as edited.</summary>
    public (long Lower, long Upper, long Cost) ArcTerms(int arc)
    {
        ArcTerms terms = TermsOf(arc);
        return (terms.Lower, terms.Upper, terms.Cost);
    }

    /// <summary>Supply of a node, as edited.</summary>
    public long Supply(int node)
    {
        CheckNode(node);
        return _edited.Supplies[node];
    }

    /// <summary>Sets the greatest flow of an arc; <see cref="FlowNetwork.Unlimited"/> for no bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc, or the bound is below the lower one.</exception>
    public void SetUpper(int arc, long upper) => Set(arc, TermsOf(arc) with { Upper = upper });

    /// <summary>Sets the least flow of an arc.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc, or the bound is above the upper one or not finite.</exception>
    public void SetLower(int arc, long lower) => Set(arc, TermsOf(arc) with { Lower = lower });

    /// <summary>Sets both bounds of an arc.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc, the bounds cross, or the lower one is not finite.</exception>
    public void SetBounds(int arc, long lower, long upper) => Set(arc, TermsOf(arc) with { Lower = lower, Upper = upper });

    /// <summary>Sets the cost of an arc.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public void SetCost(int arc, long cost) => Set(arc, TermsOf(arc) with { Cost = cost });

    /// <summary>Sets the supply of a node. Supplies that do not sum to zero make the next solve infeasible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public void SetSupply(int node, long supply)
    {
        CheckNode(node);
        if (_edited.Supplies[node] != supply) _edited.SetSupply(node, supply);
    }

    /// <summary>Adds a node.</summary>
    /// <returns>Its number: the next after all others.</returns>
    public int AddNode(long supply = 0) => _edited.AddNode(supply);

    /// <summary>Adds an arc.</summary>
    /// <returns>Its number: the next after all others.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An end is no node, the bounds cross, or the lower one is not finite.</exception>
    public int AddArc(int tail, int head, long lower, long upper, long cost)
    {
        CheckNode(tail);
        CheckNode(head);
        CheckBounds(lower, upper);
        return _edited.AddArc(tail, head, new ArcTerms(lower, upper, cost));
    }

    /// <summary>Removes an arc: it keeps its number and can carry nothing until it is given bounds again.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such arc.</exception>
    public void RemoveArc(int arc) => SetBounds(arc, 0, 0);

    /// <summary>Removes a node: it keeps its number, supplies nothing, and all its arcs are removed. O(m).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public void RemoveNode(int node)
    {
        SetSupply(node, 0);
        for (int e = 0; e < ArcCount; e++)
        {
            (int tail, int head) = _edited.Ends(e);
            if (tail == node || head == node) RemoveArc(e);
        }
    }

    /// <summary>Solves with all edits, from the last basis.</summary>
    /// <param name="options">Limits; none by default. A solve that its budget ended goes on at the next call.</param>
    /// <param name="cancellation">Ends the solve with <see cref="FlowStatus.BudgetEnded"/>; it does not throw.</param>
    public SessionResult Solve(FlowOptions? options = null, CancellationToken cancellation = default)
    {
        _budget.Restart(options ?? FlowOptions.Default, cancellation);
        _optimum.Forget();
        return Result = _edited.SupplySum != 0 ? Unbalanced() : Run();
    }

    /// <summary>Remembers everything as it is now, edits that are not solved yet included.</summary>
    /// <param name="reuse">A mark of this session that is no longer needed; its memory is used again.</param>
    public FlowMark Mark(FlowMark? reuse = null)
    {
        if (reuse is not null && reuse.Session != this) throw new ArgumentException("The mark belongs to another session.", nameof(reuse));
        FlowMark mark = reuse ?? new FlowMark(this);
        mark.Edited ??= new EditedNetwork(_edited.Network);
        mark.Edited.CopyFrom(_edited);
        if (mark.State is not null && mark.State.IsForkOf(_kernel)) mark.State.CopyFrom(_kernel);
        else mark.State = _kernel.Fork();
        (mark.Kernel, mark.Result, mark.Wide) = (_kernel, Result, _wide);
        return mark;
    }

    /// <summary>Goes back to a mark: network, edits, basis and result are what they were, bit for bit.</summary>
    /// <exception cref="ArgumentException">The mark belongs to another session.</exception>
    public void Undo(FlowMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (mark.Session != this) throw new ArgumentException("The mark belongs to another session.", nameof(mark));
        _edited.CopyFrom(mark.Edited!);
        _kernel = mark.Kernel!;
        _kernel.CopyFrom(mark.State!);
        (Result, _wide) = (mark.Result, mark.Wide);
        _optimum.Forget();
    }

    /// <summary>A second session in the same state; from then on each goes its own way, on a thread of its own if wished.</summary>
    /// <remarks>What never changes is shared: a fork takes about 40 bytes a node and an arc between entered nodes.</remarks>
    public FlowSession Fork()
    {
        var edited = new EditedNetwork(_edited.Network);
        edited.CopyFrom(_edited);
        ISessionKernel kernel = _kernel is GeneralKernel general ? general.ForkFor(edited) : _kernel.Fork();
        return new FlowSession(edited, kernel, _trial) { Result = Result, _wide = _wide };
    }

    /// <summary>Flow of an arc in the last optimum. O(log n) after the first call, which is O(n).</summary>
    /// <exception cref="InvalidOperationException">The last solve did not end optimal.</exception>
    public long Flow(int arc)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(arc);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(arc, ArcCount);
        return Read().Flow(arc);
    }

    /// <summary>Potential of a node in the last optimum; see <see cref="FlowSolution.Potentials"/>.</summary>
    /// <exception cref="InvalidOperationException">The last solve did not end optimal.</exception>
    public Int128 Potential(int node)
    {
        CheckNode(node);
        return Read().Potential(node);
    }

    /// <summary>The network with all edits as one of its own. O(n + m), unless nothing was edited.</summary>
    public FlowNetwork ToNetwork() => _edited.Materialize();

    /// <summary>The last optimum as an ordinary solution of the network it was solved for. O(n + m).</summary>
    /// <exception cref="InvalidOperationException">The last solve did not end optimal.</exception>
    public FlowSolution ToSolution() => Read().ToSolution(Result);

    /// <summary>Proves the last optimum from the edited network, the flow and the potentials alone; see <see cref="OptimalityCertificate"/>.</summary>
    /// <returns>True when it is proven. False also when edits were made since.</returns>
    /// <exception cref="InvalidOperationException">The last solve did not end optimal.</exception>
    public bool Certify() => Read().Certify(Result.Objective);

    /// <summary>The last basis, to keep and to open a session from.</summary>
    /// <exception cref="InvalidOperationException">The last solve did not end optimal.</exception>
    public FlowBasis SaveBasis()
    {
        CheckOptimal();
        return _kernel.SaveBasis();
    }

    /// <summary>The arcs with flow in the last optimum, rising.</summary>
    internal SparseFlow ReadFlow() => Read().Carried;

    /// <summary>True when edits were made since the last solve.</summary>
    internal bool HasPendingEdits => _edited.HasPending;

    /// <summary>The network that arc and node numbers below its counts belong to.</summary>
    internal FlowNetwork BaseNetwork => _edited.Network;

    private SessionResult Run()
    {
        bool rebuilt = false;
        if (_kernel.IsWorn) rebuilt = Rebuild(_wide = false);
        else if (_edited.HasAdditions || !TryApply()) rebuilt = Rebuild(_wide);
        KernelOutcome outcome = _kernel.Solve(_budget);
        if (outcome == KernelOutcome.TooNarrow)
        {
            rebuilt = Rebuild(_wide = true);
            outcome = _kernel.Solve(_budget);
        }

        return outcome switch
        {
            KernelOutcome.Optimal => Optimal(rebuilt),
            KernelOutcome.BudgetEnded => Failed(FlowStatus.BudgetEnded, _budget.Cause, "solve again with more pivots or time, or undo", rebuilt),
            KernelOutcome.Infeasible => Failed(FlowStatus.Infeasible, $"{_kernel.Unserved()} units of supply find no way with room to a node that takes them",
                "raise bounds on their way, or add arcs whose cost is the price of not serving", rebuilt),
            _ => Told(rebuilt),
        };
    }

    private SessionResult Optimal(bool rebuilt)
    {
        var result = new SessionResult(FlowStatus.Optimal, _kernel.Objective(), _kernel.Name, _budget.Pivots, rebuilt, "", "");
        if (_kernel.IsCold)
        {
            Rebuild(_wide); // base prices near the optimum make re-solves fast
            _kernel.Solve(new Budget(FlowOptions.Default, default));
        }

        return result;
    }

    private SessionResult Failed(FlowStatus status, string cause, string remedy, bool rebuilt)
        => new(status, 0, _kernel.Name, _budget.Pivots, rebuilt, cause, remedy);

    // What the kernel cannot put in words, the general solver can.
    private SessionResult Told(bool rebuilt)
    {
        FlowSolution told = (_kernel as GeneralKernel)?.Solution ?? FlowSolver.SolveGeneral(_edited.Materialize(), _budget, _trial);
        if (told.Status != FlowStatus.Optimal) return new(told.Status, 0, told.Kernel, _budget.Pivots, rebuilt, told.Cause, told.Remedy);
        _kernel = new GeneralKernel(_edited, _trial);
        _kernel.Solve(_budget);
        return Optimal(rebuilt: true);
    }

    private SessionResult Unbalanced()
    {
        FlowSolution verdict = Verdict.Unbalanced(_edited.SupplySum, new SolveTrace("none", 0, TimeSpan.Zero, TimeSpan.Zero));
        return new(verdict.Status, 0, "none", 0, false, verdict.Cause, verdict.Remedy);
    }

    private bool TryApply()
    {
        bool fits = true;
        foreach (int arc in _edited.PendingArcs) fits = fits && _kernel.TrySetArc(arc, _edited.Terms(arc));
        foreach ((int node, long change) in _edited.PendingSupplies()) fits = fits && _kernel.TrySetSupply(node, _edited.Supplies[node], change);
        if (fits) _edited.ClearPending();
        return fits;
    }

    private bool Rebuild(bool wide)
    {
        FlowBasis? basis = _kernel is GeneralKernel { Solution: null } ? null : _kernel.SaveBasis();
        long[] potentials = [];
        if (_kernel is not GeneralKernel)
        {
            potentials = new long[_kernel.NodeCount];
            _kernel.ReadPotentials(potentials);
        }

        _edited.Fold(_edited.Materialize());
        _kernel = KernelBuilder.Build(_edited, potentials, basis, wide, _trial);
        return true;
    }

    private SessionOptimum Read()
    {
        CheckOptimal();
        _optimum.Read(_kernel);
        return _optimum;
    }

    private void CheckOptimal()
    {
        if (Result.Status != FlowStatus.Optimal)
            throw new InvalidOperationException($"The last solve ended {Result.Status} and has no flow. Cause: {Result.Cause}");
    }

    private void Set(int arc, ArcTerms terms)
    {
        CheckBounds(terms.Lower, terms.Upper);
        if (TermsOf(arc) != terms) _edited.Set(arc, terms);
    }

    private ArcTerms TermsOf(int arc)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(arc);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(arc, ArcCount);
        return _edited.Terms(arc);
    }

    private void CheckNode(int node)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, NodeCount);
    }

    private static void CheckBounds(long lower, long upper)
    {
        if (lower == FlowNetwork.Unlimited) throw new ArgumentOutOfRangeException(nameof(lower), lower, "a lower bound must be finite");
        ArgumentOutOfRangeException.ThrowIfLessThan(upper, lower);
    }
}
