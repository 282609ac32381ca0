"""What is wrong in any English sentence, whatever it says: repeated words, articles, comparatives."""
