namespace TrafficDispatch.Solve;

/// <summary>
/// Settings that cannot all hold, named so that a person can mend them. The solve goes on without what they contradict and serves
/// everybody else.
/// </summary>
/// <param name="Kind">Which kind, one word in lower case with underscores that programs rely on, for instance <c>residency_without_edge</c>.</param>
/// <param name="Subject">Whom or what it is about, with its id, for instance <c>region CN-01</c>.</param>
/// <param name="Rule">The settings and how they contradict each other; a sentence.</param>
/// <param name="Remedy">What would mend it; a sentence.</param>
public sealed record Contradiction(string Kind, string Subject, string Rule, string Remedy);
