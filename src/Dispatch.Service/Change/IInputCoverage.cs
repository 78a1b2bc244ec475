namespace TrafficDispatch.Service.Change;

/// <summary>Whoever measures tells the guard how much of what it measures is fresh. Implementations are thread-safe and never block.</summary>
public interface IInputCoverage
{
    /// <summary>The figures of this moment; null where nothing is measured, so that facts from files alone are not held against a feed.</summary>
    InputCoverage? Now();
}

/// <summary>How much of what is measured is fresh.</summary>
/// <param name="Fresh">Groups with measurements young enough to solve from.</param>
/// <param name="Measured">Groups that are measured at all, at least <paramref name="Fresh"/>.</param>
public readonly record struct InputCoverage(int Fresh, int Measured);
