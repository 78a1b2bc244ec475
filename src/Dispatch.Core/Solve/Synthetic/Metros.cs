namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Where people and machines are: metropolitan areas of falling size, and a few places far from any.</summary>
internal sealed class Metros
{
    private const int Count = 48;
    private readonly GlobePoint[] _centre = new GlobePoint[Count];
    private readonly double[] _spread = new double[Count], _people = new double[Count], _machines = new double[Count];

    /// <summary>Draws the areas between 40° south and 67° north, the largest first.</summary>
    public Metros(int seed)
    {
        SplitMix random = new(seed, RandomStream.Metros);
        double people = 0, machines = 0;
        for (int m = 0; m < Count; m++)
        {
            do _centre[m] = GlobePoint.Random(random); while (_centre[m].Z is < -0.65 or > 0.92);
            _spread[m] = random.Between(0.015, 0.075);
            double root = Math.Sqrt(m + 1);
            // People crowd into the first areas more than machines do: weight falls as rank^(3/4) against rank^(1/2).
            _people[m] = people += 1 / (root * Math.Sqrt(root));
            _machines[m] = machines += 1 / root;
        }
    }

    /// <summary>Places of people: most in the large areas, <paramref name="remote"/> of them anywhere on the globe.</summary>
    public GlobePoint[] People(SplitMix random, int count, double remote) => Scatter(random, count, remote, _people);

    /// <summary>Places of machines, area by area, so that neighbours in the array are neighbours on the globe.</summary>
    public GlobePoint[] Machines(SplitMix random, int count, double remote) => Scatter(random, count, remote, _machines);

    private GlobePoint[] Scatter(SplitMix random, int count, double remote, double[] cumulative)
    {
        int[] areas = new int[count];
        for (int i = 0; i < count; i++) areas[i] = random.Uniform() < remote ? Count : Pick(random, cumulative);
        if (ReferenceEquals(cumulative, _machines)) Array.Sort(areas);
        return Array.ConvertAll(areas, m => m == Count ? GlobePoint.Random(random) : _centre[m].Near(random, _spread[m]));
    }

    private static int Pick(SplitMix random, double[] cumulative)
    {
        double mark = random.Uniform() * cumulative[^1];
        int found = Array.BinarySearch(cumulative, mark);
        return Math.Min(Count - 1, found >= 0 ? found : ~found);
    }
}
