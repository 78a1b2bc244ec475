namespace TrafficDispatch.Cli;

/// <summary>What the process says to the shell. Scripts rely on the numbers: they never change.</summary>
internal static class ExitCode
{
    /// <summary>The answer is on standard output.</summary>
    public const int Done = 0;

    /// <summary>A defect of the program; never a fault of the input.</summary>
    public const int Defect = 1;

    /// <summary>The arguments, a file, or an id in the request are wrong; standard error says where.</summary>
    public const int BadInput = 2;

    /// <summary>No flow meets the supplies within the bounds.</summary>
    public const int Infeasible = 3;

    /// <summary>Flows of any low cost exist.</summary>
    public const int Unbounded = 4;

    /// <summary>The time limit passed, or the run was cancelled.</summary>
    public const int BudgetEnded = 5;

    /// <summary>The service cannot be reached or has no answer now.</summary>
    public const int Unavailable = 6;

    /// <summary>The service refuses the caller.</summary>
    public const int NotAllowed = 7;

    /// <summary>An audit found a breach of the law; the report names it.</summary>
    public const int Violated = 8;

    /// <summary>Every code with its meaning in a few words, as the help shows it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Defect, "a defect of the program"),
        (BadInput, "bad input"),
        (Infeasible, "infeasible"),
        (Unbounded, "unbounded"),
        (BudgetEnded, "budget ended, or cancelled"),
        (Unavailable, "the service is unavailable"),
        (NotAllowed, "not allowed"),
        (Violated, "an audit found violations"),
    ];
}
