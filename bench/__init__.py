"""What the platform is measured and proven with: benchmarks beside a stock set-up, and the replay of whole corpora."""
